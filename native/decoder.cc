#include "decoder.h"

#include <algorithm>
#include <cmath>

#include "context_params.h"
#include "native_error.h"

namespace {

// The text before the picture stays in kBase from one picture to the next. It is forked to kPrefix, where the
// picture follows, and that to kFork for each continuation. A fork is dropped before the next one is made, so
// that each takes the same cells of the cache and the same batch shape: decoded side by side, continuations
// change one another's last digits, since the kernels that multiply one row, a few or many add in different
// orders.
constexpr llama_seq_id kBase = 0, kPrefix = 1, kFork = 2;
static_assert(kFork < kSequences);

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

float logSumExpOf(const float* logits, int32_t count) {
  const float largest = *std::max_element(logits, logits + count);
  double sum = 0;
  for (int32_t i = 0; i < count; i++) sum += std::exp(logits[i] - largest);
  return static_cast<float>(largest + std::log(sum));
}

}  // namespace

std::vector<NextLogits> Decoder::score(const Prefix& prefix, const std::vector<Continuation>& continuations,
                                       const std::atomic<bool>& aborted) {
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
  makeRoom(prefix, continuations, aborted);
  try {
    return evaluate(prefix, continuations);
  } catch (...) {
    forget();
    throw;
  }
}

std::vector<NextLogits> Decoder::evaluate(const Prefix& prefix,
                                          const std::vector<Continuation>& continuations) {
  const llama_pos position = addPrefix(prefix);
  std::vector<NextLogits> results;
  for (const Continuation& continuation : continuations) {
    context_.fork(kPrefix, kFork);
    context_.addText(continuation.tokens, position, kFork, /*logits=*/true);
    results.push_back(readLogits(continuation.targets));
    context_.drop(kFork);
  }
  context_.drop(kPrefix);
  if (model_.options().lowMemory) release();
  return results;
}

void Decoder::makeRoom(const Prefix& prefix, const std::vector<Continuation>& continuations,
                       const std::atomic<bool>& aborted) {
  size_t needed = 0, largestCall = 1;
  for (const Continuation& continuation : continuations) {
    needed = std::max(needed, continuation.tokens.size());
    largestCall = std::max(largestCall, std::min(continuation.tokens.size(), kBatch));
  }
  for (const PrefixPart& part : prefix) {
    needed += tokensOf(part);
    largestCall = std::max(largestCall, largestCallOf(part));
  }
  if (context_.makeRoom(needed, largestCall, aborted)) base_.clear();
}

llama_pos Decoder::addPrefix(const Prefix& prefix) {
  static const std::vector<llama_token> none;
  const auto* first = prefix.empty() ? nullptr : std::get_if<std::vector<llama_token>>(&prefix.front());
  keepBase(first ? *first : none);
  auto position = static_cast<llama_pos>(base_.size());
  context_.fork(kBase, kPrefix);
  for (size_t i = first ? 1 : 0; i < prefix.size(); i++) {
    if (const auto* text = std::get_if<std::vector<llama_token>>(&prefix[i])) {
      position = context_.addText(*text, position, kPrefix, /*logits=*/false);
    } else {
      position = addPicture(*std::get<PicturePtr>(prefix[i]), position);
    }
  }
  return position;
}

void Decoder::keepBase(const std::vector<llama_token>& tokens) {
  if (tokens == base_) return;
  forget();
  context_.addText(tokens, 0, kBase, /*logits=*/false);
  base_ = tokens;
}

llama_pos Decoder::addPicture(const EncodedPicture& picture, llama_pos position) {
  for (const EncodedPicture::Part& part : picture.parts) {
    if (const auto* text = std::get_if<std::vector<llama_token>>(&part)) {
      position = context_.addText(*text, position, kPrefix, /*logits=*/false);
    } else {
      position = context_.addPicture(std::get<EncodedPicture::Embeddings>(part), position, kPrefix);
    }
  }
  return position;
}

NextLogits Decoder::readLogits(const std::vector<llama_token>& targets) const {
  const float* logits = context_.logits();
  NextLogits next{{}, logSumExpOf(logits, llama_vocab_n_tokens(model_.vocab()))};
  for (const llama_token target : targets) next.targets.push_back(logits[target]);
  const auto isFinite = [](float value) { return std::isfinite(value); };
  if (!isFinite(next.logSumExp) || !std::all_of(next.targets.begin(), next.targets.end(), isFinite)) {
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

// The next picture is encoded without it in memory.
void Decoder::release() {
  base_.clear();
  context_.release();
}

void Decoder::forget() {
  base_.clear();
  context_.clear();
}
