#pragma once

#include <functional>
#include <string>

#include "models.h"

// mPLUG-Owl2 for libmtmd, which does not know it (cmake/owl2.cmake): CLIP's encoder at 448 pixels, and an
// abstractor whose learned queries look at all of its places, layer by layer.
namespace owl2 {

// Past the last of libmtmd's own.
constexpr auto kProjector = static_cast<projector_type>(PROJECTOR_TYPE_UNKNOWN + 1);

projector_type typeOf(const std::string& name);

// The abstractor's tensors. `tensor` gives one of the file's by name, null where there is none.
void load(clip_model& model, const std::function<ggml_tensor*(const std::string&)>& tensor);

// What a picture becomes: one for each query, and one that ends it.
int tokens(const clip_model& model);

struct Graph : clip_graph {
  using clip_graph::clip_graph;
  // [text width, tokens]
  ggml_cgraph* build() override;

 private:
  ggml_tensor* encode();
  ggml_tensor* attend(const clip_layer& layer, ggml_tensor* queries, ggml_tensor* seen, int index);
  ggml_tensor* feed(const clip_layer& layer, ggml_tensor* attended, int index);
  ggml_tensor* linear(ggml_tensor* weight, ggml_tensor* bias, ggml_tensor* input) const;
};

}  // namespace owl2
