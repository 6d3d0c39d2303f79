#include "context_params.h"

#include <cstring>

namespace {

constexpr size_t kContextStep = 256, kBatchStep = 64;

uint32_t roundedUp(size_t value, size_t step) {
  return static_cast<uint32_t>((value + step - 1) / step * step);
}

// Weights that are more exact than f16 are to be felt in the keys and values, too.
bool isF32(const llama_model* model) {
  char type[8] = "";
  llama_model_meta_val_str(model, "general.file_type", type, sizeof type);
  constexpr const char* kAllF32 = "0";
  return std::strcmp(type, kAllF32) == 0;
}

}  // namespace

// The working memory grows with the batch, so it is no larger than what is decoded in one call.
llama_context_params contextParams(const llama_model* model, size_t tokens, size_t call, int threads,
                                   bool onCpu) {
  llama_context_params params = llama_context_default_params();
  params.n_ctx = roundedUp(tokens, kContextStep);
  params.n_batch = params.n_ubatch = roundedUp(call, kBatchStep);
  params.n_seq_max = kSequences;
  params.n_outputs_max = kSequences;  // one is used; llama.cpp asserts room for one a sequence
  params.n_threads = params.n_threads_batch = threads;
  params.no_perf = true;
  params.kv_unified = true;  // forks share the cells of their prefix
  params.swa_full = true;    // a window's cache would place cells by what came before
  // On CPUs flash attention adds up single rows in f16, which costs two digits of the logits.
  if (onCpu) params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
  if (isF32(model)) params.type_k = params.type_v = GGML_TYPE_F32;
  return params;
}
