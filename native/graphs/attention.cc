#include "attention.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "graph_checks.h"
#include "kernels.h"
#include "operations.h"

namespace attention {

namespace {

constexpr int64_t kQueries = 24;  // at once: their scores stay in the cache

int64_t blocks(int64_t count) {
  return (count + kernels::kBlock - 1) / kernels::kBlock * kernels::kBlock;
}

const float* rowOf(const ggml_tensor* tensor, int64_t head, int64_t place, int64_t picture) {
  return reinterpret_cast<const float*>(static_cast<const char*>(tensor->data) + head * tensor->nb[1] +
                                        place * tensor->nb[2] + picture * tensor->nb[3]);
}

// Both products are convolutions of 1×1, whose weights are the keys and the values of a head.
kernels::Convolution product(const float* input, int64_t inputs, int64_t rows, const float* weights,
                             float* output, int64_t channels) {
  kernels::Convolution convolution = {};
  convolution.input = input;
  convolution.unit = inputs;
  convolution.width = convolution.outputWidth = rows;
  convolution.height = convolution.planes = 1;
  convolution.window = {1, 1, 1, 0, 0};
  convolution.weights = weights;
  convolution.output = output;
  convolution.channels = channels;
  return convolution;
}

// What one thread needs for one head.
struct Head {
  int64_t size, places, wide, padded;  // the last two are rounded up; what is added is 0
  std::vector<float> keys, values, queries, scores, sums;

  Head(int64_t size, int64_t places)
      : size(size),
        places(places),
        wide(blocks(size)),
        padded(blocks(places)),
        keys(padded * size),
        values(wide * padded),
        queries(kQueries * size),
        scores(kQueries * padded),
        sums(kQueries * size) {}

  // In panels, as kernels.h says: of places for the keys, of a head's values for the values.
  void pack(const ggml_tensor* k, const ggml_tensor* v, int64_t head, int64_t picture) {
    for (int64_t place = 0; place < places; place++) {
      const float *key = rowOf(k, head, place, picture), *value = rowOf(v, head, place, picture);
      const int64_t first = place / kernels::kPanel * kernels::kPanel;
      const int64_t width = std::min(kernels::kPanel, padded - first);
      for (int64_t i = 0; i < size; i++) keys[first * size + i * width + place - first] = key[i];
      for (int64_t start = 0; start < size; start += kernels::kPanel) {
        const int64_t panel = std::min(kernels::kPanel, wide - start);
        const int64_t count = std::min(kernels::kPanel, size - start);
        std::memcpy(&values[start * padded + place * panel], value + start, sizeof(float) * count);
      }
    }
  }

  // Of the queries from `first` on; the mask has a row of `places` for each query.
  void attend(const ggml_tensor* q, const ggml_tensor* mask, int64_t head, int64_t first, int64_t count,
              int64_t picture, float scale, ggml_tensor* result) {
    const kernels::Functions& functions = kernels::functions();
    for (int64_t i = 0; i < count; i++)
      std::memcpy(&queries[i * size], rowOf(q, head, first + i, picture), sizeof(float) * size);
    functions.convolve(product(queries.data(), size, count, keys.data(), scores.data(), padded), 0, count);
    float weights[kQueries];
    for (int64_t i = 0; i < count; i++) {
      const float* row = mask ? static_cast<const float*>(mask->data) + (first + i) * places : nullptr;
      weights[i] = functions.weigh(&scores[i * padded], row, places, padded, scale);
    }
    functions.convolve(product(scores.data(), padded, count, values.data(), sums.data(), size), 0, count);
    for (int64_t i = 0; i < count; i++) {
      float* output =
          static_cast<float*>(result->data) + (picture * q->ne[2] + first + i) * result->ne[0] + head * size;
      for (int64_t d = 0; d < size; d++) output[d] = sums[i * size + d] / weights[i];
    }
  }
};

void compute(ggml_tensor* result, int thread, int threads, void* pointer) {
  const ggml_tensor *q = result->src[0], *k = result->src[1], *v = result->src[2], *mask = result->src[3];
  float scale;
  std::memcpy(&scale, &pointer, sizeof scale);
  const int64_t each = q->ne[2], heads = q->ne[1], all = each * heads * q->ne[3];
  const int64_t sharing = heads / k->ne[1];  // heads of queries that share one of keys and values
  const int64_t end = all * (thread + 1) / threads;
  Head memory(q->ne[0], k->ne[2]);
  int64_t packed = -1;
  for (int64_t at = all * thread / threads; at < end;) {
    const int64_t item = at / each, first = at % each, head = item % heads, picture = item / heads;
    const int64_t count = std::min({kQueries, each - first, end - at});
    if (item / sharing != packed) memory.pack(k, v, head / sharing, picture);
    packed = item / sharing;
    memory.attend(q, mask, head, first, count, picture, scale, result);
    at += count;
  }
}

bool hasRows(const ggml_tensor* tensor) {
  return tensor->type == GGML_TYPE_F32 && tensor->nb[0] == sizeof(float) && !ggml_is_empty(tensor);
}

// Far above any network's; a thread's memory for a head stays below 256 MB.
constexpr int64_t kMostValues = 1 << 26;

int64_t valuesOf(const ggml_tensor* keys) {
  return blocks(keys->ne[2]) * (2 * blocks(keys->ne[0]) + kQueries);
}

bool isMask(const ggml_tensor* mask, int64_t keys, int64_t queries) {
  return hasRows(mask) && ggml_is_contiguous(mask) && mask->ne[0] == keys && mask->ne[1] >= queries &&
         mask->ne[2] * mask->ne[3] == 1;
}

}  // namespace

bool takes(const ggml_tensor* output, const ggml_tensor* queries, const ggml_tensor* keys,
           const ggml_tensor* values, const ggml_tensor* mask, const ggml_tensor* sinks) {
  return operations::isOnCpu(output) && !sinks && hasRows(queries) && hasRows(keys) && hasRows(values) &&
         queries->ne[0] == keys->ne[0] && queries->ne[1] % keys->ne[1] == 0 &&
         queries->ne[3] == keys->ne[3] && ggml_are_same_shape(keys, values) &&
         valuesOf(keys) <= kMostValues && (!mask || isMask(mask, keys->ne[2], queries->ne[2]));
}

ggml_tensor* attend(ggml_context* context, ggml_tensor* queries, ggml_tensor* keys, ggml_tensor* values,
                    ggml_tensor* mask, float scale) {
  if (!graph_checks::hasRoom(context)) graph_checks::fail("its graph has too many operations");
  void* pointer = nullptr;
  std::memcpy(&pointer, &scale, sizeof scale);
  ggml_tensor* sources[] = {queries, keys, values, mask};
  ggml_tensor* result =
      ggml_custom_4d(context, GGML_TYPE_F32, queries->ne[0] * queries->ne[1], queries->ne[2] * queries->ne[3],
                     1, 1, sources, mask ? 4 : 3, compute, GGML_N_TASKS_MAX, pointer);
  return ggml_set_name(result, "attention");
}

}  // namespace attention
