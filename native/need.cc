#include "need.h"

#include <algorithm>
#include <map>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "context_params.h"
#include "encoder.h"
#include "encoder_facts.h"
#include "gguf_file.h"
#include "gguf_owl2.h"
#include "llama-ext.h"
#include "log.h"
#include "mtmd.h"
#include "native_error.h"
#include "worker.h"

// In libmtmd, by cmake/need.cmake.
using Sizes = std::map<ggml_backend_dev_t, size_t>;
mtmd_context* tonescoreInitEmpty(const char* mmproj, const llama_model* text,
                                 const mtmd_context_params& params);
Sizes tonescoreEncodingNeed(mtmd_context* context, const mtmd_input_chunk* chunk);
Sizes tonescoreWeightsNeed(const mtmd_context* context);

namespace {

// What a question takes, and the text around it: few take as many.
constexpr size_t kTextTokens = 192;

struct Wanted {
  std::string model;
  std::string mmproj;
  int gpuLayers;
  bool lowMemory;
  uint32_t maxContext;
  int imageMinTokens;
  int imageMaxTokens;
  // Of the picture that is counted for.
  uint32_t width;
  uint32_t height;
};

// In bytes, of one kind of device.
struct Need {
  size_t weights = 0;
  size_t visual = 0;
  size_t cache = 0;
  size_t compute = 0;
  size_t encoder = 0;
  size_t encoding = 0;
};

struct Needs {
  Need host;
  Need gpu;
  std::string projector;
  size_t tokens = 0;  // of the picture
  int32_t layers = 0;

  Need& on(ggml_backend_dev_t device) { return isGpu(device) ? gpu : host; }
  static bool isGpu(ggml_backend_dev_t device) {
    if (!device) return false;
    const auto type = ggml_backend_dev_type(device);
    return type == GGML_BACKEND_DEVICE_TYPE_GPU || type == GGML_BACKEND_DEVICE_TYPE_IGPU;
  }
};

using ModelPtr = std::unique_ptr<llama_model, void (*)(llama_model*)>;
using ContextPtr = std::unique_ptr<llama_context, void (*)(llama_context*)>;

ModelPtr openEmpty(const Wanted& wanted) {
  llama_model_params params = llama_model_default_params();
  params.n_gpu_layers = wanted.gpuLayers;
  params.use_extra_bufts = !wanted.lowMemory;
  params.no_alloc = true;
  params.load_mode = LLAMA_LOAD_MODE_NONE;
  LogCapture log;
  ModelPtr model(llama_model_load_from_file(wanted.model.c_str(), params), llama_model_free);
  if (!model)
    throw NativeError("ERR_MODEL_INVALID", "llama.cpp cannot load " + wanted.model + ": " + log.text());
  return model;
}

// Adds what the encoder needs, and returns how many tokens of the picture are evaluated in one call.
size_t addEncoder(Needs& needs, const Wanted& wanted, const llama_model* model) {
  const mtmd_context_params params =
      encoderParams({1, wanted.imageMinTokens, wanted.imageMaxTokens}, wanted.gpuLayers);
  LogCapture log;
  const mtmd::context_ptr context(tonescoreInitEmpty(wanted.mmproj.c_str(), model, params));
  if (!context || !mtmd_support_vision(context.get())) {
    throw NativeError("ERR_MODEL_INVALID",
                      "llama.cpp cannot load the mmproj " + wanted.mmproj + ": " + log.text());
  }
  for (const auto& [device, size] : tonescoreWeightsNeed(context.get())) needs.on(device).encoder += size;
  const mtmd::bitmap_ptr bitmap(mtmd_bitmap_init(wanted.width, wanted.height, nullptr));
  const mtmd_input_part part{nullptr, bitmap.get()};
  const mtmd_input_part* const parts[] = {&part};
  const mtmd::input_chunks_ptr chunks(mtmd_input_chunks_init());
  if (mtmd_tokenize_from_parts(context.get(), chunks.get(), parts, 1, /*add_special=*/false) != 0)
    throw NativeError("ERR_INFERENCE", "The model cannot take a picture: " + log.text());
  size_t largestCall = 0;
  for (size_t i = 0; i < mtmd_input_chunks_size(chunks.get()); i++) {
    const mtmd_input_chunk* chunk = mtmd_input_chunks_get(chunks.get(), i);
    const size_t tokens = mtmd_input_chunk_get_n_tokens(chunk);
    needs.tokens += tokens;
    if (mtmd_input_chunk_get_type(chunk) == MTMD_INPUT_CHUNK_TYPE_TEXT) continue;
    const bool whole = mtmd_decode_use_non_causal(context.get(), chunk);
    largestCall = std::max(largestCall, whole ? tokens : std::min(tokens, kBatch));
    for (const auto& [device, size] : tonescoreEncodingNeed(context.get(), chunk)) {
      size_t& encoding = needs.on(device).encoding;
      encoding = std::max(encoding, size);
    }
  }
  return largestCall;
}

void addDecoder(Needs& needs, const Wanted& wanted, llama_model* model, size_t largestCall) {
  const size_t trained = llama_model_n_ctx_train(model);
  const size_t limit = wanted.maxContext > 0 ? std::min<size_t>(wanted.maxContext, trained) : trained;
  const size_t tokens = std::min(needs.tokens + kTextTokens, limit);
  const llama_context_params params =
      contextParams(model, tokens, std::max(largestCall, kTextTokens), 1, wanted.gpuLayers == 0);
  LogCapture log;
  const ContextPtr context(llama_init_from_model(model, params), llama_free);
  if (!context)
    throw NativeError("ERR_MODEL_INVALID", "llama.cpp cannot lay out " + wanted.model + ": " + log.text());
  for (const auto& [type, size] : llama_get_memory_breakdown(context.get())) {
    Need& need = needs.on(ggml_backend_buft_get_device(type));
    need.weights += size.model;
    need.cache += size.context;
    need.compute += size.compute;
  }
}

// mPLUG-Owl2's weights for the tokens of pictures, which lie where those for texts do.
void addVisual(Needs& needs, const Wanted& wanted) {
  const GgufHeader file(wanted.mmproj, "mmproj");
  size_t& visual = wanted.gpuLayers == 0 ? needs.host.visual : needs.gpu.visual;
  for (const std::string& name : visualNames(file))
    visual += gguf_get_tensor_size(file.get(), gguf_find_tensor(file.get(), (kVisualPrefix + name).c_str()));
}

Needs measure(const Wanted& wanted) {
  checkGguf(wanted.model, GgufRole::kModel);
  checkGguf(wanted.mmproj, GgufRole::kMmproj);
  Needs needs;
  needs.projector = encoderFacts(wanted.mmproj).projector;
  const ModelPtr model = openEmpty(wanted);
  needs.layers = llama_model_n_layer(model.get()) + 1;  // the output is one to llama.cpp
  addVisual(needs, wanted);
  addDecoder(needs, wanted, model.get(), addEncoder(needs, wanted, model.get()));
  return needs;
}

Napi::Object toJs(Napi::Env env, const Need& need) {
  Napi::Object result = Napi::Object::New(env);
  const auto set = [&](const char* name, size_t bytes) { result[name] = static_cast<double>(bytes); };
  set("weights", need.weights);
  set("visual", need.visual);
  set("cache", need.cache);
  set("compute", need.compute);
  set("encoder", need.encoder);
  set("encoding", need.encoding);
  return result;
}

}  // namespace

Napi::Value measureNeed(const Napi::CallbackInfo& info) {
  const auto options = info[0].As<Napi::Object>();
  const auto text = [&](const char* name) { return options.Get(name).As<Napi::String>().Utf8Value(); };
  const auto number = [&](const char* name) { return options.Get(name).As<Napi::Number>(); };
  const Wanted wanted{text("model"),
                      text("mmproj"),
                      number("gpuLayers"),
                      options.Get("lowMemory").As<Napi::Boolean>(),
                      number("maxContext"),
                      number("imageMinTokens"),
                      number("imageMaxTokens"),
                      number("width"),
                      number("height")};
  return Worker::runAlone(info.Env(), [wanted](const std::atomic<bool>&) -> Worker::ToJs {
    const Needs needs = measure(wanted);
#ifdef __GLIBC__
    malloc_trim(0);  // of a large vocabulary, which glibc would keep for each thread that measured
#endif
    return [needs](Napi::Env env) -> Napi::Value {
      Napi::Object result = Napi::Object::New(env);
      result["host"] = toJs(env, needs.host);
      result["gpu"] = toJs(env, needs.gpu);
      result["projector"] = needs.projector;
      result["tokens"] = static_cast<double>(needs.tokens);
      result["layers"] = needs.layers;
      return result;
    };
  });
}
