#include "shared_weights.h"

#include <utility>

#include "clip-model.h"

namespace {

thread_local SharedWeights* inScope = nullptr;

}  // namespace

ggml_backend_buffer_t bufferWithoutMemory(ggml_context* context, ggml_backend_buffer_type_t type) {
  ggml_backend_buffer_t buffer = ggml_backend_buft_alloc_buffer(type, 0);
  for (ggml_tensor* each = ggml_get_first_tensor(context); each; each = ggml_get_next_tensor(context, each)) {
    each->buffer = buffer;
  }
  return buffer;
}

SharedWeights::SharedWeights() = default;
SharedWeights::~SharedWeights() = default;

SharedWeights::Scope::Scope(SharedWeights& weights) {
  inScope = &weights;
}
SharedWeights::Scope::~Scope() {
  inScope = nullptr;
}

void SharedWeights::take(clip_model& model, ggml_context_ptr& context, ggml_backend_buffer_ptr& buffer,
                         const std::function<void()>& load) {
  if (!inScope) return load();
  SharedWeights& shared = *inScope;
  const std::lock_guard<std::mutex> lock(shared.mutex_);
  if (!shared.model_) {
    load();
    shared.model_ = std::make_unique<clip_model>(model);
    shared.context_ = std::move(context);
    shared.buffer_ = std::move(buffer);
    return;
  }
  // The limits of tokens are the session's own.
  const clip_hparams own = model.hparams;
  model = *shared.model_;
  model.hparams = own;
}
