#include "decoder.h"

#include <algorithm>
#include <cmath>

#include "log.h"
#include "mtmd-helper.h"
#include "native_error.h"

namespace {

// The text before the picture stays in kBase from one picture to the next. It is forked to kPrefix, where the
// picture follows, and that to kFork for each continuation. A fork is dropped before the next one is made, so
// that each takes the same cells of the cache and the same batch shape: decoded side by side, continuations
// change one another's last digits, since the kernels that multiply one row, a few or many add in different
// orders.
constexpr llama_seq_id kBase = 0, kPrefix = 1, kFork = 2;
constexpr uint32_t kSequences = 3;

// Tokens in one call, where there are as many. Fixed, so that a picture's result does not depend on how far
// the context has grown.
constexpr size_t kBatch = 512;
constexpr size_t kContextStep = 256, kBatchStep = 64;

size_t roundedUp(size_t value, size_t step) {
  return (value + step - 1) / step * step;
}

size_t tokensOf(const PrefixPart& part) {
  if (const auto* text = std::get_if<std::vector<llama_token>>(&part)) return text->size();
  return std::get<PicturePtr>(part)->tokens;
}

size_t largestCallOf(const PrefixPart& part) {
  if (const auto* text = std::get_if<std::vector<llama_token>>(&part)) return std::min(text->size(), kBatch);
  size_t largest = 0;
  for (const EncodedPicture::Part& piece : std::get<PicturePtr>(part)->parts) {
    const auto* text = std::get_if<std::vector<llama_token>>(&piece);
    const auto* embeddings = std::get_if<EncodedPicture::Embeddings>(&piece);
    const size_t tokens = text ? text->size() : embeddings->tokens;
    largest = std::max(largest, embeddings && embeddings->nonCausal ? tokens : std::min(tokens, kBatch));
  }
  return largest;
}

bool onDecode(void* data) {
  return (*static_cast<const std::atomic<bool>**>(data))->load(std::memory_order_relaxed);
}

float logSumExpOf(const float* logits, int32_t count) {
  const float largest = *std::max_element(logits, logits + count);
  double sum = 0;
  for (int32_t i = 0; i < count; i++) sum += std::exp(logits[i] - largest);
  return static_cast<float>(largest + std::log(sum));
}

}  // namespace

Decoder::Decoder(const Model& model, const DecoderOptions& options, const ThreadPool& threads,
                 mtmd_context* mtmd)
    : model_(model), options_(options), threads_(threads), mtmd_(mtmd) {}

std::vector<NextLogits> Decoder::score(const Prefix& prefix, const std::vector<Continuation>& continuations,
                                       const std::atomic<bool>& aborted) {
  aborted_ = &aborted;
  for (const PrefixPart& part : prefix) {
    if (const auto* text = std::get_if<std::vector<llama_token>>(&part)) checkTokens(*text);
  }
  for (const Continuation& continuation : continuations) {
    if (continuation.tokens.empty()) {
      throw NativeError("ERR_INVALID_ARGUMENT",
                        "Expected a continuation of one token or more but received none");
    }
    checkTokens(continuation.tokens);
    checkTokens(continuation.targets);
  }
  makeRoom(prefix, continuations);
  llama_memory_t memory = llama_get_memory(context_.get());
  const llama_pos position = decodePrefix(prefix);
  std::vector<NextLogits> results;
  for (const Continuation& continuation : continuations) {
    llama_memory_seq_cp(memory, kPrefix, kFork, -1, -1);
    decodeText(continuation.tokens, position, kFork, /*logits=*/true);
    results.push_back(readLogits(continuation.targets));
    llama_memory_seq_rm(memory, kFork, -1, -1);
  }
  llama_memory_seq_rm(memory, kPrefix, -1, -1);
  return results;
}

void Decoder::makeRoom(const Prefix& prefix, const std::vector<Continuation>& continuations) {
  size_t needed = 0, largestCall = 1;
  for (const Continuation& continuation : continuations) {
    needed = std::max(needed, continuation.tokens.size());
    largestCall = std::max(largestCall, std::min(continuation.tokens.size(), kBatch));
  }
  for (const PrefixPart& part : prefix) {
    needed += tokensOf(part);
    largestCall = std::max(largestCall, largestCallOf(part));
  }

  const auto trained = static_cast<uint32_t>(llama_model_n_ctx_train(model_.get()));
  const bool capped = options_.maxContext > 0 && options_.maxContext < trained;
  const uint32_t limit = capped ? options_.maxContext : trained;
  if (needed > limit) {
    throw NativeError("ERR_CONTEXT_SIZE",
                      "The picture and the question take " + std::to_string(needed) + " tokens, but the " +
                          (capped ? "context was limited to " : "model was trained for ") +
                          std::to_string(limit) + ". Use a smaller picture or fewer image tokens" +
                          (capped ? ", or raise the limit." : "."));
  }
  const size_t room = contextSize(), batch = context_ ? llama_n_ubatch(context_.get()) : 0;
  if (room >= needed && batch >= largestCall) return;
  createContext(static_cast<uint32_t>(std::max(roundedUp(needed, kContextStep), room)),
                static_cast<uint32_t>(std::max(roundedUp(largestCall, kBatchStep), batch)));
}

// The working memory grows with the batch, so it is no larger than what is decoded in one call.
void Decoder::createContext(uint32_t tokens, uint32_t batch) {
  forget();
  context_.reset();
  llama_context_params params = llama_context_default_params();
  params.n_ctx = tokens;
  params.n_batch = batch;
  params.n_ubatch = batch;
  params.n_seq_max = kSequences;
  params.n_outputs_max = kSequences;  // one is used; llama.cpp asserts room for one a sequence
  params.n_threads = options_.threads;
  params.n_threads_batch = options_.threads;
  params.no_perf = true;
  params.kv_unified = true;  // forks share the cells of their prefix
  params.swa_full = true;    // a window's cache would place cells by what came before
  // On CPUs flash attention adds up single rows in f16, which costs two digits of the logits.
  if (model_.options().gpuLayers == 0) params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
  params.abort_callback = onDecode;
  params.abort_callback_data = &aborted_;
  LogCapture log;
  context_.reset(llama_init_from_model(model_.get(), params));
  if (!context_) {
    throw NativeError("ERR_OUT_OF_MEMORY", "No working memory for a context of " + std::to_string(tokens) +
                                               " tokens: " + log.text());
  }
  llama_attach_threadpool(context_.get(), threads_.get(), threads_.get());
}

llama_pos Decoder::decodePrefix(const Prefix& prefix) {
  static const std::vector<llama_token> none;
  const auto* first = prefix.empty() ? nullptr : std::get_if<std::vector<llama_token>>(&prefix.front());
  keepBase(first ? *first : none);
  auto position = static_cast<llama_pos>(base_.size());
  llama_memory_seq_cp(llama_get_memory(context_.get()), kBase, kPrefix, -1, -1);
  for (size_t i = first ? 1 : 0; i < prefix.size(); i++) {
    if (const auto* text = std::get_if<std::vector<llama_token>>(&prefix[i])) {
      position = decodeText(*text, position, kPrefix, /*logits=*/false);
    } else {
      position = decodePicture(*std::get<PicturePtr>(prefix[i]), position);
    }
  }
  return position;
}

void Decoder::keepBase(const std::vector<llama_token>& tokens) {
  if (tokens == base_) return;
  forget();
  decodeText(tokens, 0, kBase, /*logits=*/false);
  base_ = tokens;
}

llama_pos Decoder::decodeText(const std::vector<llama_token>& tokens, llama_pos position,
                              llama_seq_id sequence, bool logits) {
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
    check(llama_decode(context_.get(), batch));
  }
  return position;
}

llama_pos Decoder::decodePicture(const EncodedPicture& picture, llama_pos position) {
  for (const EncodedPicture::Part& part : picture.parts) {
    if (const auto* text = std::get_if<std::vector<llama_token>>(&part)) {
      position = decodeText(*text, position, kPrefix, /*logits=*/false);
      continue;
    }
    const auto& embeddings = std::get<EncodedPicture::Embeddings>(part);
    const size_t batch = embeddings.nonCausal ? embeddings.tokens : kBatch;
    check(mtmd_helper_decode_image_chunk(mtmd_, context_.get(), embeddings.chunk.get(),
                                         const_cast<float*>(embeddings.values.data()), position, kPrefix,
                                         static_cast<int32_t>(batch), &position, nullptr, nullptr));
  }
  return position;
}

void Decoder::check(int32_t status) {
  if (status == 0) return;
  forget();
  if (*aborted_) throw NativeError("ERR_ABORTED", "The operation was aborted");
  throw NativeError("ERR_INFERENCE",
                    "llama.cpp could not evaluate the prompt (status " + std::to_string(status) + ")");
}

NextLogits Decoder::readLogits(const std::vector<llama_token>& targets) {
  const float* logits = llama_get_logits_ith(context_.get(), -1);
  NextLogits next{{}, logSumExpOf(logits, llama_vocab_n_tokens(model_.vocab()))};
  for (const llama_token target : targets) next.targets.push_back(logits[target]);
  const auto isFinite = [](float value) { return std::isfinite(value); };
  if (!isFinite(next.logSumExp) || !std::all_of(next.targets.begin(), next.targets.end(), isFinite)) {
    forget();
    throw NativeError("ERR_INFERENCE",
                      "The model answers this picture with numbers that are not finite. Its weights are "
                      "damaged, or too large for the type that they are stored in.");
  }
  return next;
}

void Decoder::checkTokens(const std::vector<llama_token>& tokens) const {
  const llama_token count = llama_vocab_n_tokens(model_.vocab());
  for (const llama_token token : tokens) {
    if (token >= 0 && token < count) continue;
    throw NativeError("ERR_INVALID_ARGUMENT", "Expected tokens below " + std::to_string(count) +
                                                  " but received " + std::to_string(token));
  }
}

void Decoder::forget() {
  base_.clear();
  if (context_) llama_memory_clear(llama_get_memory(context_.get()), /*data=*/false);
}
