#include "ggml.h"

// libmtmd clears a tensor of Pixtral's graph by multiplying it with 0, which leaves NaN where its memory,
// never written before, happened to hold NaN or infinity. cmake/mtmd.cmake has that file call this in place
// of ggml_scale.
extern "C" ggml_tensor* tonescoreScale(ggml_context* context, ggml_tensor* tensor, float factor) {
  return factor == 0 ? ggml_fill(context, tensor, 0) : ggml_scale(context, tensor, factor);
}
