#include "context.h"

#include <algorithm>

#include "context_params.h"
#include "log.h"
#include "mtmd-helper.h"
#include "native_error.h"

namespace {

bool onDecode(void* data) {
  return (*static_cast<const std::atomic<bool>**>(data))->load(std::memory_order_relaxed);
}

}  // namespace

Context::Context(const Model& model, const DecoderOptions& options, const ThreadPool& threads,
                 mtmd_context* mtmd)
    : model_(model), options_(options), threads_(threads), mtmd_(mtmd), exchange_(model.visualWeights()) {}

bool Context::makeRoom(size_t tokens, size_t call, const std::atomic<bool>& aborted) {
  aborted_ = &aborted;
  const auto trained = static_cast<uint32_t>(llama_model_n_ctx_train(model_.get()));
  const bool capped = options_.maxContext > 0 && options_.maxContext < trained;
  const uint32_t limit = capped ? options_.maxContext : trained;
  if (tokens > limit) {
    throw NativeError("ERR_CONTEXT_SIZE",
                      "The picture and the question take " + std::to_string(tokens) + " tokens, but the " +
                          (capped ? "context was limited to " : "model was trained for ") +
                          std::to_string(limit) + ". Use a smaller picture or fewer image tokens" +
                          (capped ? ", or raise the limit." : "."));
  }
  const size_t room = size(), batch = context_ ? llama_n_ubatch(context_.get()) : 0;
  if (room >= tokens && batch >= call) return false;
  create(std::max(tokens, room), std::max(call, batch));
  return true;
}

void Context::create(size_t tokens, size_t call) {
  context_.reset();
  llama_context_params params =
      contextParams(model_.get(), tokens, call, options_.threads, model_.options().gpuLayers == 0);
  params.abort_callback = onDecode;
  params.abort_callback_data = &aborted_;
  exchange_.attach(params);
  LogCapture log;
  context_.reset(llama_init_from_model(model_.get(), params));
  if (!context_) {
    throw NativeError("ERR_OUT_OF_MEMORY", "No working memory for a context of " + std::to_string(tokens) +
                                               " tokens: " + log.text());
  }
  llama_attach_threadpool(context_.get(), threads_.get(), threads_.get());
}

llama_pos Context::addText(const std::vector<llama_token>& tokens, llama_pos position, llama_seq_id sequence,
                           bool logits) {
  llama_batch batch = llama_batch_init(kBatch, 0, 1);
  const std::unique_ptr<llama_batch, void (*)(llama_batch*)> owner(
      &batch, [](llama_batch* b) { llama_batch_free(*b); });
  for (size_t start = 0; start < tokens.size(); start += kBatch) {
    const size_t end = std::min<size_t>(start + kBatch, tokens.size());
    batch.n_tokens = static_cast<int32_t>(end - start);
    for (size_t i = start; i < end; i++) {
      const size_t row = i - start;
      batch.token[row] = tokens[i];
      batch.pos[row] = position++;
      batch.n_seq_id[row] = 1;
      batch.seq_id[row][0] = sequence;
      batch.logits[row] = logits && i + 1 == tokens.size();
    }
    exchange_.begin(Exchange::Kind::kText);
    check(llama_decode(context_.get(), batch));
  }
  return position;
}

llama_pos Context::addPicture(const EncodedPicture::Embeddings& embeddings, llama_pos position,
                              llama_seq_id sequence) {
  const size_t batch = embeddings.nonCausal ? embeddings.tokens : kBatch;
  exchange_.begin(Exchange::Kind::kPicture);
  check(mtmd_helper_decode_image_chunk(mtmd_, context_.get(), embeddings.chunk.get(),
                                       const_cast<float*>(embeddings.values.data()), position, sequence,
                                       static_cast<int32_t>(batch), &position, nullptr, nullptr));
  return position;
}

void Context::check(int32_t status) const {
  if (*aborted_ && status != 0) throw NativeError("ERR_ABORTED", "The operation was aborted");
  if (status != 0)
    throw NativeError("ERR_INFERENCE",
                      "llama.cpp could not evaluate the prompt (status " + std::to_string(status) + ")");
  if (!exchange_.isComplete())
    throw NativeError("ERR_INFERENCE", "llama.cpp did not take the language model's weights for pictures");
}

void Context::clear() {
  if (context_) llama_memory_clear(memory(), /*data=*/false);
}
