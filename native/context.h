#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "exchange.h"
#include "model.h"
#include "mtmd.h"
#include "picture.h"
#include "thread_pool.h"

struct DecoderOptions {
  int threads;
  uint32_t maxContext;  // tokens; 0: as many as the model was trained for
};

// llama.cpp's context, which grows to what is evaluated: it holds sequences of tokens and pictures. One
// thread at a time.
class Context {
 public:
  // `mtmd` knows where a picture's tokens stand; it must outlive the context.
  Context(const Model& model, const DecoderOptions& options, const ThreadPool& threads, mtmd_context* mtmd);

  // Of so many tokens, of which as many as `call` are evaluated in one call. What it held is gone where it
  // had to grow; then it returns true. Throws NativeError: ERR_CONTEXT_SIZE, ERR_OUT_OF_MEMORY.
  bool makeRoom(size_t tokens, size_t call, const std::atomic<bool>& aborted);
  // In tokens.
  uint32_t size() const { return context_ ? llama_n_ctx(context_.get()) : 0; }

  // Both return the position after what they add to the sequence. They throw NativeError: ERR_INFERENCE,
  // ERR_ABORTED; the sequence is then not to be used.
  llama_pos addText(const std::vector<llama_token>& tokens, llama_pos position, llama_seq_id sequence,
                    bool logits);
  llama_pos addPicture(const EncodedPicture::Embeddings& embeddings, llama_pos position,
                       llama_seq_id sequence);

  void fork(llama_seq_id from, llama_seq_id to) { llama_memory_seq_cp(memory(), from, to, -1, -1); }
  void drop(llama_seq_id sequence) { llama_memory_seq_rm(memory(), sequence, -1, -1); }
  void clear();
  // Until it is asked for room once more.
  void release() { context_.reset(); }
  // After the last token of the last text that was added with logits.
  const float* logits() const { return llama_get_logits_ith(context_.get(), -1); }

 private:
  struct Deleter {
    void operator()(llama_context* context) const { llama_free(context); }
  };

  void create(size_t tokens, size_t call);
  llama_memory_t memory() const { return llama_get_memory(context_.get()); }
  void check(int32_t status) const;

  const Model& model_;
  const DecoderOptions options_;
  const ThreadPool& threads_;
  mtmd_context* const mtmd_;
  const std::atomic<bool>* aborted_ = nullptr;  // of the job that runs
  Exchange exchange_;
  std::unique_ptr<llama_context, Deleter> context_;
};
