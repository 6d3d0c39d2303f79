#pragma once

#include <napi.h>

#include <memory>

#include "decoder.h"
#include "encoder.h"
#include "model.h"
#include "picture.h"
#include "worker.h"

// The classes that JavaScript sees. src/native/addon.ts has their types; it also checks every argument, so
// these only unpack them.

// Ends one job early, from any moment on.
class AbortSwitch : public Napi::ObjectWrap<AbortSwitch> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit AbortSwitch(const Napi::CallbackInfo& info);
  // The flag of an AbortSwitch, or a new one where `value` is undefined.
  static AbortFlag flagOf(const Napi::Value& value);

 private:
  void abort(const Napi::CallbackInfo& info);
  AbortFlag flag_ = std::make_shared<std::atomic<bool>>(false);
};

class PictureHandle : public Napi::ObjectWrap<PictureHandle> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit PictureHandle(const Napi::CallbackInfo& info);
  static Napi::Object make(Napi::Env env, PicturePtr picture);
  // Throws a JavaScript error when the picture was disposed.
  PicturePtr get(Napi::Env env) const;

 private:
  Napi::Value tokens(const Napi::CallbackInfo& info);
  Napi::Value milliseconds(const Napi::CallbackInfo& info);
  void dispose(const Napi::CallbackInfo& info);
  PicturePtr picture_;
};

class ModelHandle : public Napi::ObjectWrap<ModelHandle> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit ModelHandle(const Napi::CallbackInfo& info);
  static Napi::Object make(Napi::Env env, std::shared_ptr<const Model> model);

 private:
  std::shared_ptr<const Model> get(Napi::Env env) const;
  Napi::Value info(const Napi::CallbackInfo& info);
  Napi::Value tokenize(const Napi::CallbackInfo& info);
  Napi::Value detokenize(const Napi::CallbackInfo& info);
  Napi::Value createSession(const Napi::CallbackInfo& info);
  void dispose(const Napi::CallbackInfo& info);
  std::shared_ptr<const Model> model_;
};

class SessionHandle : public Napi::ObjectWrap<SessionHandle> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit SessionHandle(const Napi::CallbackInfo& info);
  // A promise of a session whose encoder and decoder are ready.
  static Napi::Value open(Napi::Env env, std::shared_ptr<const Model> model, const EncoderOptions& encoder,
                          const DecoderOptions& decoder, AbortFlag aborted);

 private:
  struct Engine {
    Engine(std::shared_ptr<const Model> loaded, const EncoderOptions& encoding,
           const DecoderOptions& decoding)
        : model(std::move(loaded)),
          threads(decoding.threads),
          encoder(*model, encoding, threads),
          decoder(*model, decoding, threads, encoder.get()) {}
    std::shared_ptr<const Model> model;
    ThreadPool threads;
    Encoder encoder;
    Decoder decoder;
  };

  void throwIfClosed(Napi::Env env) const;
  Napi::Value encode(const Napi::CallbackInfo& info);
  Napi::Value score(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  std::unique_ptr<Engine> engine_;  // made, used and freed on the worker's thread
  bool closed_ = false;
  std::unique_ptr<Worker> worker_;  // last: its destructor ends the thread before the engine goes
};

std::vector<llama_token> tokensFrom(const Napi::Value& value);
Napi::Error disposedError(Napi::Env env, const char* what);
