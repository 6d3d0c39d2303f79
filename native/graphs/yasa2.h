#pragma once

#include "ggml.h"

namespace yasa2 {

// A block's convolution of 7×7, each channel by itself: [W, H, C, B] to the same. On the CPU by our
// operation, for which the picture is turned so that its channels lie together, and back.
ggml_tensor* depthwise(ggml_context* context, ggml_tensor* kernel, ggml_tensor* picture);

}  // namespace yasa2
