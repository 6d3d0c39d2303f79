#include "addon_data.h"
#include "handles.h"

namespace {

// A GGUF may hold any bytes as text; JavaScript strings are made of valid UTF-8 only.
Napi::Value textOrUndefined(Napi::Env env, const char* text) {
  return text ? Napi::String::New(env, text).As<Napi::Value>() : env.Undefined();
}

}  // namespace

Napi::Function ModelHandle::define(Napi::Env env) {
  return DefineClass(env, "Model",
                     {
                         InstanceAccessor<&ModelHandle::info>("info"),
                         InstanceMethod<&ModelHandle::tokenize>("tokenize"),
                         InstanceMethod<&ModelHandle::detokenize>("detokenize"),
                         InstanceMethod<&ModelHandle::createSession>("createSession"),
                         InstanceMethod<&ModelHandle::dispose>("dispose"),
                     });
}

ModelHandle::ModelHandle(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ModelHandle>(info) {}

Napi::Object ModelHandle::make(Napi::Env env, std::shared_ptr<const Model> model) {
  const Napi::Object object = AddonData::of(env).modelClass.New({});
  Unwrap(object)->model_ = std::move(model);
  return object;
}

std::shared_ptr<const Model> ModelHandle::get(Napi::Env env) const {
  if (!model_) throw disposedError(env, "model");
  return model_;
}

Napi::Value ModelHandle::info(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto model = get(env);
  const llama_vocab* vocab = model->vocab();
  Napi::Object result = Napi::Object::New(env);
  result["architecture"] = model->metadata("general.architecture");
  result["name"] = model->metadata("general.name");
  result["chatTemplate"] = textOrUndefined(env, model->chatTemplate());
  result["bosText"] = model->tokenText(llama_vocab_bos(vocab));
  result["eosText"] = model->tokenText(llama_vocab_eos(vocab));
  result["addsBos"] = llama_vocab_get_add_bos(vocab);
  result["vocabularySize"] = llama_vocab_n_tokens(vocab);
  result["contextLength"] = llama_model_n_ctx_train(model->get());
  result["bytes"] = static_cast<double>(llama_model_size(model->get()));
  return result;
}

Napi::Value ModelHandle::tokenize(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto list = info[0].As<Napi::Array>();
  std::vector<TextSegment> segments;
  for (uint32_t i = 0; i < list.Length(); i++) {
    const auto segment = list.Get(i).As<Napi::Object>();
    segments.push_back({segment.Get("text").As<Napi::String>(), segment.Get("special").As<Napi::Boolean>()});
  }
  const std::vector<llama_token> tokens = get(env)->tokenize(segments, info[1].As<Napi::Boolean>());
  auto result = Napi::Int32Array::New(env, tokens.size());
  std::copy(tokens.begin(), tokens.end(), result.Data());
  return result;
}

Napi::Value ModelHandle::detokenize(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), get(info.Env())->detokenize(tokensFrom(info[0])));
}

Napi::Value ModelHandle::createSession(const Napi::CallbackInfo& info) {
  const auto options = info[0].As<Napi::Object>();
  const auto number = [&options](const char* name) { return options.Get(name).As<Napi::Number>(); };
  const EncoderOptions encoder{number("threads"), number("imageMinTokens"), number("imageMaxTokens")};
  const DecoderOptions decoder{number("threads"), number("maxContext")};
  return SessionHandle::open(info.Env(), get(info.Env()), encoder, decoder, AbortSwitch::flagOf(info[1]));
}

void ModelHandle::dispose(const Napi::CallbackInfo&) {
  model_.reset();
}
