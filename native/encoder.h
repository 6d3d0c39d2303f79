#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "model.h"
#include "picture.h"
#include "thread_pool.h"

struct EncoderOptions {
  int threads;
  int imageMinTokens;  // per picture, for models of dynamic resolution; -1: the model's own
  int imageMaxTokens;
};

mtmd_context_params encoderParams(const EncoderOptions& options, int gpuLayers);

// A picture to encode: width × height × 3 bytes, rows from the top.
struct Pixels {
  uint8_t* rgb;
  uint32_t width, height;
  bool given;  // nobody reads them afterwards, so that their memory can go while they are copied
  std::function<void()> onTaken;  // called when they are not needed any more
};

// The picture encoder (mmproj) with its working memory. One thread at a time; no JavaScript.
class Encoder {
 public:
  // Throws NativeError: ERR_MODEL_INVALID, ERR_MMPROJ_MISMATCH, ERR_NO_VISION.
  Encoder(const Model& model, const EncoderOptions& options, const ThreadPool& threads);

  // Throws NativeError: ERR_INFERENCE, ERR_ABORTED.
  EncodedPicture encode(const Pixels& pixels, const std::atomic<bool>& aborted);

  // Knows how pictures become tokens; with little memory it has no weights.
  mtmd_context* get() const { return mtmd_.get(); }

 private:
  // What llama.cpp's callback reads between nodes of the graph.
  struct Watch {
    const std::atomic<bool>* aborted = nullptr;
    uint32_t nodes = 0;
  };

  static bool onNode(ggml_tensor* node, bool ask, void* data);
  mtmd::context_ptr open(bool withWeights) const;
  mtmd::context_ptr openForOne() const;
  mtmd::input_chunks_ptr preprocess(const Pixels& pixels) const;
  EncodedPicture::Part encodeChunk(mtmd_context* mtmd, const mtmd_input_chunk* chunk) const;

  const Model& model_;
  const EncoderOptions options_;
  const ThreadPool& threads_;
  std::unique_ptr<Watch> watch_;
  mtmd::context_ptr mtmd_;
};
