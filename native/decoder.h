#pragma once

#include <atomic>
#include <variant>
#include <vector>

#include "context.h"

using PrefixPart = std::variant<std::vector<llama_token>, PicturePtr>;
using Prefix = std::vector<PrefixPart>;

// Text to evaluate after the prefix, and the tokens whose logits at its end are wanted.
struct Continuation {
  std::vector<llama_token> tokens;
  std::vector<llama_token> targets;
};

struct NextLogits {
  std::vector<float> targets;  // raw logits of the targets, in order
  float logSumExp;             // over the whole vocabulary
};

// The language model's working memory. One thread at a time; no JavaScript.
class Decoder {
 public:
  // `mtmd` knows where a picture's tokens stand; it must outlive the decoder.
  Decoder(const Model& model, const DecoderOptions& options, const ThreadPool& threads, mtmd_context* mtmd)
      : model_(model), context_(model, options, threads, mtmd) {}

  // Evaluates the prefix once, and every continuation after it as if it were the only one: the result is the
  // same to the bit whatever was scored before and whatever else is asked about the picture. Throws
  // NativeError: ERR_INVALID_ARGUMENT, ERR_CONTEXT_SIZE, ERR_INFERENCE, ERR_OUT_OF_MEMORY, ERR_ABORTED.
  std::vector<NextLogits> score(const Prefix& prefix, const std::vector<Continuation>& continuations,
                                const std::atomic<bool>& aborted);

 private:
  std::vector<NextLogits> evaluate(const Prefix& prefix, const std::vector<Continuation>& continuations);
  void makeRoom(const Prefix& prefix, const std::vector<Continuation>& continuations,
                const std::atomic<bool>& aborted);
  llama_pos addPrefix(const Prefix& prefix);
  void keepBase(const std::vector<llama_token>& tokens);
  llama_pos addPicture(const EncodedPicture& picture, llama_pos position);
  NextLogits readLogits(const std::vector<llama_token>& targets) const;
  void checkTokens(const std::vector<llama_token>& tokens) const;
  void release();
  void forget();

  const Model& model_;
  Context context_;
  std::vector<llama_token> base_;  // the text before the first picture, as sequence kBase holds it
};
