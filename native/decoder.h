#pragma once

#include <atomic>
#include <memory>
#include <variant>
#include <vector>

#include "model.h"
#include "picture.h"
#include "thread_pool.h"

struct DecoderOptions {
  int threads;
  uint32_t maxContext;  // tokens; 0: as many as the model was trained for
};

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
  Decoder(const Model& model, const DecoderOptions& options, const ThreadPool& threads, mtmd_context* mtmd);

  // Evaluates the prefix once, and every continuation after it as if it were the only one: the result is the
  // same to the bit whatever was scored before and whatever else is asked about the picture. Throws
  // NativeError: ERR_INVALID_ARGUMENT, ERR_CONTEXT_SIZE, ERR_INFERENCE, ERR_OUT_OF_MEMORY, ERR_ABORTED.
  std::vector<NextLogits> score(const Prefix& prefix, const std::vector<Continuation>& continuations,
                                const std::atomic<bool>& aborted);

  // The size of the context in tokens; grows with what was asked.
  uint32_t contextSize() const { return context_ ? llama_n_ctx(context_.get()) : 0; }

 private:
  struct ContextDeleter {
    void operator()(llama_context* context) const { llama_free(context); }
  };

  void makeRoom(const Prefix& prefix, const std::vector<Continuation>& continuations);
  void createContext(uint32_t tokens, uint32_t batch);
  void keepBase(const std::vector<llama_token>& tokens);
  llama_pos decodePrefix(const Prefix& prefix);
  llama_pos decodeText(const std::vector<llama_token>& tokens, llama_pos position, llama_seq_id sequence,
                       bool logits);
  llama_pos decodePicture(const EncodedPicture& picture, llama_pos position);
  void check(int32_t status);
  NextLogits readLogits(const std::vector<llama_token>& targets);
  void checkTokens(const std::vector<llama_token>& tokens) const;
  void forget();

  const Model& model_;
  DecoderOptions options_;
  const ThreadPool& threads_;
  mtmd_context* mtmd_;
  const std::atomic<bool>* aborted_ = nullptr;  // of the job that runs
  std::unique_ptr<llama_context, ContextDeleter> context_;
  std::vector<llama_token> base_;  // the text before the first picture, as sequence kBase holds it
};
