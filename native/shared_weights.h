#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "ggml-cpp.h"

struct clip_model;

// A buffer of no size that a context's tensors are said to lie in, so that nobody allocates them: a graph of
// them can be laid out, but not computed.
ggml_backend_buffer_t bufferWithoutMemory(ggml_context* context, ggml_backend_buffer_type_t type);

// The weights of an mmproj on the CPU, loaded and laid out by the first session of a model, for all of them:
// libmtmd would have each session read its own.
class SharedWeights {
 public:
  SharedWeights();
  ~SharedWeights();

  // What libmtmd loads on this thread takes its weights from here.
  class Scope {
   public:
    explicit Scope(SharedWeights& weights);
    ~Scope();
  };

  // Has `load` fill `model`, whose hyperparameters are read already, `context` and `buffer`, where no session
  // of the model has done so before; outside of a scope, always.
  static void take(clip_model& model, ggml_context_ptr& context, ggml_backend_buffer_ptr& buffer,
                   const std::function<void()>& load);

 private:
  std::mutex mutex_;
  std::unique_ptr<clip_model> model_;
  ggml_context_ptr context_;
  ggml_backend_buffer_ptr buffer_;
};
