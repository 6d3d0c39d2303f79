#pragma once

#include <napi.h>

#include <memory>

#include "decoder.h"
#include "encoder.h"
#include "model.h"
#include "picture.h"
#include "worker.h"

// The classes that JavaScript sees. src/native/addon.ts has their types. What would be read as another thing
// than it is (sizes, tokens, objects of another class) is refused here, with ERR_INVALID_ARGUMENT.

// Marks an object as one of ours of the class `Handle`: unwrapping another's would be undefined.
template <typename Handle>
void mark(const Napi::Object& object) {
  object.TypeTag(&Handle::kTag);
}
// The handle behind a value, or a JavaScript error that says what was expected.
template <typename Handle>
Handle& handleOf(const Napi::Value& value, const char* expected);

// Ends one job early, from any moment on.
class AbortSwitch : public Napi::ObjectWrap<AbortSwitch> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit AbortSwitch(const Napi::CallbackInfo& info);
  // The flag of an AbortSwitch, or a new one where `value` is undefined.
  static AbortFlag flagOf(const Napi::Value& value);
  static constexpr napi_type_tag kTag = {0x6a1f5e0d3c7b4829, 0x8e24d17b90c3f56a};

 private:
  void abort(const Napi::CallbackInfo& info);
  AbortFlag flag_ = std::make_shared<std::atomic<bool>>(false);
};

class PictureHandle : public Napi::ObjectWrap<PictureHandle> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit PictureHandle(const Napi::CallbackInfo& info);
  static Napi::Object make(Napi::Env env, PicturePtr picture, std::weak_ptr<const Model> model);
  // Throws a JavaScript error when the picture was disposed, or encoded for another model.
  PicturePtr get(Napi::Env env, const std::weak_ptr<const Model>& model) const;
  static constexpr napi_type_tag kTag = {0x2b94c8a7f1064e3d, 0xb7d05e6912fa8c43};

 private:
  Napi::Value tokens(const Napi::CallbackInfo& info);
  Napi::Value milliseconds(const Napi::CallbackInfo& info);
  void dispose(const Napi::CallbackInfo& info);
  PicturePtr get(Napi::Env env) const;
  PicturePtr picture_;
  std::weak_ptr<const Model> model_;
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
  Engine& engine() const;
  Napi::Value encode(const Napi::CallbackInfo& info);
  Napi::Value score(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  std::weak_ptr<const Model> model_;
  std::unique_ptr<Engine> engine_;  // made, used and freed on the worker's thread
  bool closed_ = false;
  std::unique_ptr<Worker> worker_;  // last: its destructor ends the thread before the engine goes
};

std::vector<llama_token> tokensFrom(const Napi::Value& value);
// `what` is given, and is not `expected`.
Napi::Error argumentError(Napi::Env env, const char* expected, const char* what);
Napi::Error disposedError(Napi::Env env, const char* what);

template <typename Handle>
Handle& handleOf(const Napi::Value& value, const char* expected) {
  const bool ours = value.IsObject() && value.As<Napi::Object>().CheckTypeTag(&Handle::kTag);
  if (!ours) throw argumentError(value.Env(), expected, "something else");
  return *Handle::Unwrap(value.As<Napi::Object>());
}
