#include "handles.h"

Napi::Function AbortSwitch::define(Napi::Env env) {
  return DefineClass(env, "AbortSwitch", {InstanceMethod<&AbortSwitch::abort>("abort")});
}

AbortSwitch::AbortSwitch(const Napi::CallbackInfo& info) : Napi::ObjectWrap<AbortSwitch>(info) {}

AbortFlag AbortSwitch::flagOf(const Napi::Value& value) {
  if (!value.IsObject()) return std::make_shared<std::atomic<bool>>(false);
  return Unwrap(value.As<Napi::Object>())->flag_;
}

void AbortSwitch::abort(const Napi::CallbackInfo&) {
  *flag_ = true;
}
