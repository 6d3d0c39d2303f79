#pragma once

#include <cstdint>

// Convolutions of pictures whose channels lie together. Each result is one sum in one order, whatever else is
// computed and on however many threads, so its bits depend on nothing but its own inputs.
namespace kernels {

constexpr int64_t kBlock = 16;  // output channels are rounded up to this many in the weights
constexpr int64_t kPanel =
    64;  // and lie in panels of this many: [panel][KH][planes][KW × unit][channels of the panel]

// Where the kernel lies: its first place at output (x, y) is input (x × step - left, y × step - top). Outside
// all is 0.
struct Window {
  int64_t width, height;  // of the kernel
  int64_t step, left, top;
};

struct Convolution {
  const float* input;  // [unit, width, height, planes]: [C, W, H, 1], or [1, W, H, C] where each channel lies
                       // by itself
  int64_t unit, width, height, planes;
  Window window;
  const void* weights;  // f16 where `half`, else f32
  bool half;
  float* scratch;     // where `half`: one panel in f32, for each thread its own
  const float* bias;  // one an output channel, or null
  bool gelu;
  float* output;  // [channels, outputWidth, …]
  int64_t channels, outputWidth;
};

struct Depthwise {
  const float* input;  // [channels, width, height]
  int64_t channels, width, height;
  Window window;
  const float* weights;  // [channels, KW, KH]
  bool gelu;
  float* output;  // [channels, outputWidth, …]
  int64_t outputWidth;
};

struct Functions {
  // Both compute places begin to end of the output, counted along its rows.
  void (*convolve)(const Convolution&, int64_t begin, int64_t end);
  void (*depthwise)(const Depthwise&, int64_t begin, int64_t end);
  // Makes scores, times `scale` and plus `mask` where there is one, to exp(score - the largest) and returns
  // their sum. From `count` to `padded`, a multiple of kBlock, they become next to nothing.
  float (*weigh)(float* scores, const float* mask, int64_t count, int64_t padded, float scale);
};

// For this processor.
const Functions& functions();

}  // namespace kernels
