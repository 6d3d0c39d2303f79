#pragma once

#include "ggml.h"

// Attention of every place to every place, for the encoders that libmtmd builds from products of its own: in
// f32, a block of queries at a time, so that the scores of all places never lie in memory at once.
namespace attention {

// Whether attend() computes this: on the CPU, in f32, with one mask for all heads or none, and no sinks.
bool takes(const ggml_tensor* output, const ggml_tensor* queries, const ggml_tensor* keys,
           const ggml_tensor* values, const ggml_tensor* mask, const ggml_tensor* sinks);

// [D, heads, places, batch] each, in any strides but the first: [D × heads, places × batch]. Heads of queries
// may share one of keys and values. A mask [keys, queries], or null, is added to the products after the
// scale.
ggml_tensor* attend(ggml_context* context, ggml_tensor* queries, ggml_tensor* keys, ggml_tensor* values,
                    ggml_tensor* mask, float scale);

}  // namespace attention
