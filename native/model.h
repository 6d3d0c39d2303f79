#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "encoder_facts.h"
#include "llama.h"
#include "shared_weights.h"
#include "visual_weights.h"

// A run of text to tokenise. User text is never markup: its special tokens are off.
struct TextSegment {
  std::string text;
  bool special;
};

struct ModelOptions {
  std::string model;
  std::string mmproj;
  int gpuLayers;   // 0: CPU only; negative: all
  bool lowMemory;  // weights as they lie in the file, where the CPU would have a faster copy of them
};

// The language model's weights and vocabulary, and the encoder's weights. Read-only once loaded, so sessions
// on several threads share it.
class Model {
 public:
  using Progress = std::function<void(float)>;

  // Throws NativeError: ERR_MODEL_NOT_FOUND, ERR_MODEL_INVALID, ERR_MMPROJ_MISMATCH, ERR_NO_VISION,
  // ERR_OUT_OF_MEMORY, ERR_ABORTED.
  Model(ModelOptions options, const Progress& progress, const std::atomic<bool>& aborted);

  // One piece where user text holds no special token of the vocabulary, so that words merge across segments
  // just as in the plain string; else segment by segment.
  std::vector<llama_token> tokenize(const std::vector<TextSegment>& segments, bool addBos) const;
  std::string detokenize(const std::vector<llama_token>& tokens) const;

  const char* chatTemplate() const { return llama_model_chat_template(get(), nullptr); }
  std::string metadata(const char* key) const;
  std::string tokenText(llama_token token) const;

  llama_model* get() const { return model_.get(); }
  const llama_vocab* vocab() const { return llama_model_get_vocab(get()); }
  const ModelOptions& options() const { return options_; }
  const EncoderFacts& encoder() const { return encoder_; }
  SharedWeights& encoderWeights() const { return *encoderWeights_; }
  const VisualWeights& visualWeights() const { return *visualWeights_; }

 private:
  std::vector<llama_token> tokenizePiece(const std::string& text, bool special) const;
  ptrdiff_t countMarkup(const std::vector<llama_token>& tokens) const;

  struct Deleter {
    void operator()(llama_model* model) const { llama_model_free(model); }
  };
  ModelOptions options_;
  EncoderFacts encoder_;
  std::unique_ptr<llama_model, Deleter> model_;
  std::unique_ptr<const VisualWeights> visualWeights_;
  const std::unique_ptr<SharedWeights> encoderWeights_ = std::make_unique<SharedWeights>();
};
