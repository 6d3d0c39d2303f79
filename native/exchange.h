#pragma once

#include "visual_weights.h"

// One context's exchange of weights between text and pictures. llama.cpp never evaluates tokens and
// embeddings in one batch, so a graph is either of text or of a picture, and the scheduler shows the
// context's callback every node before it computes it: there the weights of one take the place of the
// other's.
class Exchange {
 public:
  enum class Kind { kText, kPicture };

  explicit Exchange(const VisualWeights& weights) : weights_(weights) {}

  // Of a context that is made with these; the exchange must outlive it.
  void attach(llama_context_params& params);
  // What is evaluated next.
  void begin(Kind kind);
  // Whether every weight was met in each graph since begin().
  bool isComplete() const;

 private:
  static bool onNode(ggml_tensor* node, bool ask, void* exchange);

  const VisualWeights& weights_;
  Kind kind_ = Kind::kText;
  size_t met_ = 0;
};
