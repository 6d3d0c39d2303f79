#pragma once

#include <napi.h>

#include <set>

#include "native_error.h"

class Worker;

// What belongs to one JavaScript environment (the main thread, or one worker thread).
struct AddonData {
  Napi::FunctionReference errorClass;
  Napi::FunctionReference modelClass;
  Napi::FunctionReference sessionClass;
  Napi::FunctionReference pictureClass;
  std::set<Worker*> workers;  // that have a running thread

  static AddonData& of(Napi::Env env) { return *env.GetInstanceData<AddonData>(); }

  Napi::Value makeError(Napi::Env env, const NativeError& error) const {
    return errorClass.New({Napi::String::New(env, error.code), Napi::String::New(env, error.what())});
  }
};
