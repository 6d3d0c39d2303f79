#pragma once

#include <atomic>
#include <map>
#include <string>
#include <vector>

#include "ggml-cpp.h"
#include "gguf_header.h"
#include "llama.h"

// The weights that the language model of an mPLUG-Owl2 has once more, for the tokens of pictures: norms, keys
// and values of each layer. The mmproj has them, as visual.<name of the language model's tensor>. Each lies
// where its like does, and all sessions of a model share them.
class VisualWeights {
 public:
  struct Pair {
    ggml_tensor* text = nullptr;
    ggml_tensor* visual = nullptr;
  };

  // None where the mmproj is another model's.
  // Throws NativeError: ERR_MMPROJ_MISMATCH, ERR_MODEL_INVALID, ERR_OUT_OF_MEMORY, ERR_ABORTED.
  VisualWeights(const std::string& mmproj, llama_model* model, const std::atomic<bool>& aborted);

  size_t count() const { return pairs_.size(); }
  // By the name that both have; null for any other tensor.
  const Pair* find(const char* name) const;

 private:
  void allocate(const GgufHeader& file);
  void read(const GgufHeader& file, const std::string& path, const std::atomic<bool>& aborted);

  std::map<std::string, Pair> pairs_;
  ggml_context_ptr context_;
  std::vector<ggml_backend_buffer_ptr> buffers_;
};
