#include <algorithm>

#include "addon_data.h"
#include "handles.h"

namespace {

// What must stay alive while a job runs.
Napi::Object keepTogether(Napi::Env env, std::initializer_list<Napi::Value> values) {
  Napi::Array list = Napi::Array::New(env);
  uint32_t index = 0;
  for (const Napi::Value& value : values) list.Set(index++, value);
  return list;
}

Prefix prefixFrom(const Napi::Array& list, const std::weak_ptr<const Model>& model) {
  Prefix prefix;
  for (uint32_t i = 0; i < list.Length(); i++) {
    const Napi::Value part = list.Get(i);
    if (part.IsTypedArray()) {
      prefix.emplace_back(tokensFrom(part));
    } else {
      prefix.emplace_back(handleOf<PictureHandle>(part, "tokens or a picture").get(list.Env(), model));
    }
  }
  return prefix;
}

std::vector<Continuation> continuationsFrom(const Napi::Array& list) {
  std::vector<Continuation> continuations;
  for (uint32_t i = 0; i < list.Length(); i++) {
    const auto item = list.Get(i).As<Napi::Object>();
    continuations.push_back({tokensFrom(item.Get("tokens")), tokensFrom(item.Get("targets"))});
  }
  return continuations;
}

// Also false where the array's memory was transferred.
bool isSizeOf(const Napi::Uint8Array& data, uint32_t width, uint32_t height) {
  constexpr uint32_t kLargest = 1 << 24;
  return width > 0 && height > 0 && width <= kLargest && height <= kLargest &&
         data.ElementLength() == size_t{width} * height * 3;
}

Napi::Value toJs(Napi::Env env, const std::vector<NextLogits>& rows) {
  Napi::Array logits = Napi::Array::New(env, rows.size());
  auto logSumExp = Napi::Float32Array::New(env, rows.size());
  for (uint32_t k = 0; k < rows.size(); k++) {
    const std::vector<float>& targets = rows[k].targets;
    auto row = Napi::Float32Array::New(env, targets.size());
    std::copy(targets.begin(), targets.end(), row.Data());
    logits.Set(k, row);
    logSumExp[k] = rows[k].logSumExp;
  }
  Napi::Object result = Napi::Object::New(env);
  result["logits"] = logits;
  result["logSumExp"] = logSumExp;
  return result;
}

}  // namespace

Napi::Function SessionHandle::define(Napi::Env env) {
  return DefineClass(env, "Session",
                     {
                         InstanceMethod<&SessionHandle::encode>("encode"),
                         InstanceMethod<&SessionHandle::score>("score"),
                         InstanceMethod<&SessionHandle::close>("close"),
                     });
}

SessionHandle::SessionHandle(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<SessionHandle>(info), worker_(new Worker(info.Env())) {}

Napi::Value SessionHandle::open(Napi::Env env, std::shared_ptr<const Model> model,
                                const EncoderOptions& encoder, const DecoderOptions& decoder,
                                AbortFlag aborted) {
  const Napi::Object object = AddonData::of(env).sessionClass.New({});
  SessionHandle* const self = Unwrap(object);
  self->model_ = model;
  // The promise gives the object itself, which the worker keeps until then.
  return self->worker_->run(
      object,
      [self, model, encoder, decoder](const std::atomic<bool>&) -> Worker::ToJs {
        self->engine_.reset(new Engine(model, encoder, decoder));
        return [self](Napi::Env) -> Napi::Value { return self->Value(); };
      },
      std::move(aborted));
}

void SessionHandle::throwIfClosed(Napi::Env env) const {
  if (closed_) throw disposedError(env, "session");
}

// On the worker's thread. A session that JavaScript made by itself has none.
SessionHandle::Engine& SessionHandle::engine() const {
  if (!engine_) throw NativeError("ERR_DISPOSED", "This session was never opened");
  return *engine_;
}

Napi::Value SessionHandle::encode(const Napi::CallbackInfo& info) {
  throwIfClosed(info.Env());
  const uint32_t width = info[1].As<Napi::Number>();
  const uint32_t height = info[2].As<Napi::Number>();
  const bool bytes =
      info[0].IsTypedArray() && info[0].As<Napi::TypedArray>().TypedArrayType() == napi_uint8_array;
  if (!bytes || !isSizeOf(info[0].As<Napi::Uint8Array>(), width, height))
    throw argumentError(info.Env(), "width × height × 3 bytes", "another number or kind of values");
  auto data = info[0].As<Napi::Uint8Array>();
  uint8_t* const rgb = data.Data();
  const bool given = info[4].IsFunction();
  return worker_->run(
      keepTogether(info.Env(), {info.This(), data}),
      [this, rgb, width, height, given](const std::atomic<bool>& aborted) -> Worker::ToJs {
        const auto onTaken = [this] { worker_->tellTaken(); };
        auto picture = std::make_shared<const EncodedPicture>(
            engine().encoder.encode({rgb, width, height, given, onTaken}, aborted));
        return [this, picture](Napi::Env env) { return PictureHandle::make(env, picture, model_); };
      },
      AbortSwitch::flagOf(info[3]), info[4]);
}

Napi::Value SessionHandle::score(const Napi::CallbackInfo& info) {
  throwIfClosed(info.Env());
  return worker_->run(
      info.This().As<Napi::Object>(),
      [this, prefix = prefixFrom(info[0].As<Napi::Array>(), model_),
       continuations =
           continuationsFrom(info[1].As<Napi::Array>())](const std::atomic<bool>& aborted) -> Worker::ToJs {
        auto rows = engine().decoder.score(prefix, continuations, aborted);
        return [rows = std::move(rows)](Napi::Env env) { return toJs(env, rows); };
      },
      AbortSwitch::flagOf(info[2]));
}

Napi::Value SessionHandle::close(const Napi::CallbackInfo& info) {
  throwIfClosed(info.Env());
  closed_ = true;
  return worker_->run(info.This().As<Napi::Object>(), [this](const std::atomic<bool>&) -> Worker::ToJs {
    engine_.reset();
    return [this](Napi::Env env) -> Napi::Value {
      worker_->stop();
      return env.Undefined();
    };
  });
}
