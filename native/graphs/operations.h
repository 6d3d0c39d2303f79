#pragma once

#include "ggml.h"

// Operations for ggml's graph on the CPU, with the channels of a place together: a picture is [C, W, H].
namespace operations {

// Where a kernel starts, left of and above the first place, and how many places it goes on at a time. Each
// from 0 to 255.
struct Steps {
  int64_t step, left, top;
};

// Whether these can be part of the graph that a weight belongs to.
bool isOnCpu(const ggml_tensor* weight);

// [C, W, H] * [C, KW, KH, OC] as layOut() packs it, plus a bias [OC] or null, through GELU where asked:
// [OC, width, height]. A picture that still has each channel by itself is [1, W, H, C], its kernel
// [1, KW, C × KH, OC].
// Both throw where the shapes do not fit together.
ggml_tensor* convolve(ggml_context* context, ggml_tensor* kernel, ggml_tensor* picture, ggml_tensor* bias,
                      Steps steps, int64_t width, int64_t height, bool gelu);

// [C, W, H] * [C, KW, KH], each channel by itself: [C, width, height].
ggml_tensor* depthwise(ggml_context* context, ggml_tensor* kernel, ggml_tensor* picture, Steps steps,
                       int64_t width, int64_t height, bool gelu);

}  // namespace operations
