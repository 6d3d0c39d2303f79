#pragma once

#include <memory>
#include <variant>
#include <vector>

#include "llama.h"
#include "mtmd.h"

// A picture as the language model reads it: text tokens (begin, end, rows of tiles) and embeddings, in order.
struct EncodedPicture {
  struct Embeddings {
    std::shared_ptr<mtmd_input_chunk> chunk;  // positions only, without pixels
    std::vector<float> values;                // [tokens × width of an embedding]
    size_t tokens;
    bool nonCausal;  // its tokens see each other both ways, so they are decoded in one go
  };
  using Part = std::variant<std::vector<llama_token>, Embeddings>;

  std::vector<Part> parts;
  size_t tokens = 0;
  double milliseconds = 0;  // of preprocessing and encoding
};

using PicturePtr = std::shared_ptr<const EncodedPicture>;
