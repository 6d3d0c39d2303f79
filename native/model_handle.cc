#include "addon_data.h"
#include "handles.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace {

// A GGUF may hold any bytes as text; JavaScript strings are made of valid UTF-8 only.
Napi::Value textOrUndefined(Napi::Env env, const char* text) {
  return text ? Napi::String::New(env, text).As<Napi::Value>() : env.Undefined();
}

Napi::Object encoderInfo(Napi::Env env, const EncoderFacts& facts) {
  Napi::Object result = Napi::Object::New(env);
  result["projector"] = facts.projector;
  result["imageSize"] = static_cast<double>(facts.imageSize);
  result["patchSize"] = static_cast<double>(facts.patchSize);
  result["merged"] = static_cast<double>(facts.merged);
  result["classEmbedding"] = facts.classEmbedding;
  result["tiles"] = facts.tiles;
  return result;
}

// A vocabulary made to do harm fails where a text meets it, on the JavaScript thread.
template <typename Call>
auto withVocabulary(Napi::Env env, Call call) {
  try {
    return call();
  } catch (const Napi::Error&) {
    throw;
  } catch (const std::exception& caught) {
    const NativeError error("ERR_MODEL_INVALID",
                            std::string("The model's vocabulary cannot be used: ") + caught.what());
    throw Napi::Error(env, AddonData::of(env).makeError(env, error));
  }
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
  result["bosText"] = withVocabulary(env, [&] { return model->tokenText(llama_vocab_bos(vocab)); });
  result["eosText"] = withVocabulary(env, [&] { return model->tokenText(llama_vocab_eos(vocab)); });
  result["addsBos"] = llama_vocab_get_add_bos(vocab);
  result["vocabularySize"] = llama_vocab_n_tokens(vocab);
  result["contextLength"] = llama_model_n_ctx_train(model->get());
  result["encoder"] = encoderInfo(env, model->encoder());
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
  const bool addBos = info[1].As<Napi::Boolean>();
  const auto model = get(env);
  const auto tokens = withVocabulary(env, [&] { return model->tokenize(segments, addBos); });
  auto result = Napi::Int32Array::New(env, tokens.size());
  std::copy(tokens.begin(), tokens.end(), result.Data());
  return result;
}

Napi::Value ModelHandle::detokenize(const Napi::CallbackInfo& info) {
  const auto model = get(info.Env());
  const std::vector<llama_token> tokens = tokensFrom(info[0]);
  return Napi::String::New(info.Env(), withVocabulary(info.Env(), [&] { return model->detokenize(tokens); }));
}

Napi::Value ModelHandle::createSession(const Napi::CallbackInfo& info) {
  const auto options = info[0].As<Napi::Object>();
  const auto number = [&options](const char* name) { return options.Get(name).As<Napi::Number>(); };
  const int threads = number("threads");
  if (threads < 1 || threads > GGML_MAX_N_THREADS)
    throw argumentError(info.Env(), "as many threads as ggml takes", "another number");
  const EncoderOptions encoder{threads, number("imageMinTokens"), number("imageMaxTokens")};
  const auto model = get(info.Env());
  const DecoderOptions decoder{threads, number("maxContext")};
  return SessionHandle::open(info.Env(), model, encoder, decoder, AbortSwitch::flagOf(info[1]));
}

void ModelHandle::dispose(const Napi::CallbackInfo&) {
  model_.reset();
#ifdef __GLIBC__
  // glibc keeps what was freed, for each thread that there was: a program that opens one scorer after another
  // would hold several models' worth of it.
  malloc_trim(0);
#endif
}
