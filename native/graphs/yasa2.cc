#include "yasa2.h"

#include "graph_checks.h"
#include "operations.h"

namespace yasa2 {

ggml_tensor* depthwise(ggml_context* context, ggml_tensor* kernel, ggml_tensor* picture) {
  constexpr int64_t kSize = 7, kEdge = 3;
  if (!operations::isOnCpu(kernel) || kernel->ne[0] != kSize || kernel->ne[1] != kSize || picture->ne[3] != 1)
    return ggml_conv_2d_dw(context, kernel, picture, 1, 1, kEdge, kEdge, 1, 1);
  ggml_tensor* weights = ggml_permute(context, ggml_cast(context, kernel, GGML_TYPE_F32), 1, 2, 3, 0);
  ggml_tensor* channels = ggml_permute(context, picture, 1, 2, 0, 3);
  ggml_tensor* result =
      operations::depthwise(context, ggml_cont(context, weights), ggml_cont(context, channels),
                            {1, kEdge, kEdge}, picture->ne[0], picture->ne[1], false);
  return ggml_cont(context, ggml_permute(context, result, 2, 0, 1, 3));
}

}  // namespace yasa2
