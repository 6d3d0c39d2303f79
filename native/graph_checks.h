#pragma once

#include <initializer_list>
#include <tuple>

#include "ggml-backend.h"
#include "ggml.h"
#include "gguf.h"

// Included before every file of libmtmd (cmake/mtmd.cmake). libmtmd builds its graph from whatever shapes and
// types a file holds, and ggml ends the process where they do not fit. The macros below look first, by ggml's
// own conditions, and throw what libmtmd and the addon then report as an error of the file.

namespace graph_checks {

using Tensor = ggml_tensor*;

[[noreturn]] void fail(const char* format, ...);
// Throws for an operation whose arguments do not fit; `first` names the tensor in the message.
[[noreturn]] void misfit(const char* operation, const ggml_tensor* first);
// Throws where no backend of the scheduler can compute a node of the graph.
void checkTypes(ggml_backend_sched_t scheduler, ggml_cgraph* graph);
// Throws where a row that an input asks for is not in its table.
void checkRows(ggml_cgraph* graph);

template <typename Value>
bool present(const Value&) {
  return true;
}
inline bool present(Tensor tensor) {
  return tensor != nullptr;
}

bool hasRoom(const ggml_context* context);
bool holds(const ggml_tensor* tensor, std::initializer_list<int64_t> shape);
bool viewFits(const ggml_tensor* tensor, std::initializer_list<int64_t> shape,
              std::initializer_list<size_t> strides, size_t offset);
bool canMultiply(const ggml_tensor* a, const ggml_tensor* b);
bool canConcat(const ggml_tensor* a, const ggml_tensor* b, int dimension);
bool canTakeRows(const ggml_tensor* table, const ggml_tensor* rows);
bool canMask(const ggml_tensor* scores, const ggml_tensor* mask);
bool canAttend(const ggml_tensor* q, const ggml_tensor* k, const ggml_tensor* v, const ggml_tensor* mask);
bool canRotate(const ggml_tensor* a, const ggml_tensor* positions, int dimensions, int positionsEach);
bool canConvolve(const ggml_tensor* kernel, const ggml_tensor* data, bool depthwise, int s0, int s1, int p0,
                 int p1, int d0, int d1);
bool canPool(const ggml_tensor* a, int k0, int k1, int s0, int s1, float p0, float p1);

// One rule an operation, over the arguments after the context.
constexpr auto any = [](auto... arguments) { return (present(arguments) && ...); };
constexpr auto repeats = [](Tensor a, Tensor b) { return b && ggml_can_repeat(b, a); };
constexpr auto reshape = [](Tensor a, auto... shape) {
  return ggml_is_contiguous(a) && holds(a, {static_cast<int64_t>(shape)...});
};
constexpr auto cont = [](Tensor a, auto... shape) { return holds(a, {static_cast<int64_t>(shape)...}); };
constexpr auto positive = [](ggml_type, auto... shape) { return ((shape > 0) && ...); };
constexpr auto contiguous = [](Tensor a, auto...) { return ggml_is_contiguous(a); };
constexpr auto rows = [](Tensor a, auto...) { return ggml_is_contiguous_rows(a); };
constexpr auto alike = [](Tensor a, Tensor b) {
  return ggml_is_contiguous_1(a) && ggml_is_contiguous_1(b) && ggml_are_same_shape(a, b) &&
         a->type == b->type;
};
constexpr auto multiplies = [](Tensor a, Tensor b) { return canMultiply(a, b); };
constexpr auto joins = [](Tensor a, Tensor b, int dimension) { return canConcat(a, b, dimension); };
constexpr auto takesRows = [](Tensor table, Tensor rows) { return canTakeRows(table, rows); };
constexpr auto repeatsTo = [](Tensor a, Tensor b) { return b && ggml_can_repeat(a, b); };
constexpr auto view = [](Tensor a, int64_t n, size_t offset) { return viewFits(a, {n}, {}, offset); };
constexpr auto view2 = [](Tensor a, int64_t n0, int64_t n1, size_t s1, size_t offset) {
  return viewFits(a, {n0, n1}, {s1}, offset);
};
constexpr auto view3 = [](Tensor a, int64_t n0, int64_t n1, int64_t n2, size_t s1, size_t s2, size_t offset) {
  return viewFits(a, {n0, n1, n2}, {s1, s2}, offset);
};
constexpr auto view4 = [](Tensor a, int64_t n0, int64_t n1, int64_t n2, int64_t n3, size_t s1, size_t s2,
                          size_t s3, size_t offset) {
  return viewFits(a, {n0, n1, n2, n3}, {s1, s2, s3}, offset);
};
constexpr auto convolves = [](Tensor kernel, Tensor data, auto... steps) {
  return canConvolve(kernel, data, false, steps...);
};
constexpr auto depthwise = [](Tensor kernel, Tensor data, auto... steps) {
  return canConvolve(kernel, data, true, steps...);
};
constexpr auto pools = [](Tensor a, ggml_op_pool, auto... steps) { return canPool(a, steps...); };
constexpr auto masks = [](Tensor scores, Tensor mask, float, float) { return canMask(scores, mask); };
constexpr auto attends = [](Tensor q, Tensor k, Tensor v, Tensor mask, float, float, float) {
  return canAttend(q, k, v, mask);
};
constexpr auto rotates = [](Tensor a, Tensor positions, Tensor, int dimensions, auto...) {
  return canRotate(a, positions, dimensions, 1);
};
constexpr auto rotatesMany = [](Tensor a, Tensor positions, Tensor, int dimensions, auto...) {
  return canRotate(a, positions, dimensions, 4);
};
constexpr auto resizes = [](Tensor a, int64_t n0, int64_t n1, int64_t n2, int64_t n3, uint32_t) {
  return a->type == GGML_TYPE_F32 && n0 > 0 && n1 > 0 && n2 > 0 && n3 > 0 && !ggml_is_empty(a);
};

template <typename... Arguments>
const ggml_tensor* firstTensor(const ggml_tensor* first, const Arguments&...) {
  return first;
}
inline const ggml_tensor* firstTensor(...) {
  return nullptr;
}

template <typename Value>
struct Exactly {
  using type = Value;
};

// Where the first tensor is absent, no rule is asked; which others may be absent, each rule says.
template <typename Rule, typename... Parameters>
Tensor apply(const char* name, Rule rule, Tensor (*operation)(ggml_context*, Parameters...),
             ggml_context* context, typename Exactly<Parameters>::type... arguments) {
  if (!hasRoom(context)) fail("its graph has too many operations");
  const bool there = std::get<0>(std::tuple(present(arguments)...));
  if (!there || !rule(arguments...)) misfit(name, firstTensor(arguments...));
  return operation(context, arguments...);
}

template <typename Value>
Value read(Value (*get)(const gguf_context*, int64_t), const gguf_context* gguf, int64_t key,
           gguf_type type) {
  if (gguf_get_kv_type(gguf, key) != type)
    fail("%s is of another type than expected", gguf_get_key(gguf, key));
  return get(gguf, key);
}

}  // namespace graph_checks

#undef GGML_ABORT
#define GGML_ABORT(...) graph_checks::fail(__VA_ARGS__)
#undef GGML_ASSERT
#define GGML_ASSERT(condition) \
  if (!(condition)) graph_checks::fail("%s does not hold", #condition)

#define GRAPH_CHECK(rule, operation, ...) \
  graph_checks::apply(#operation, graph_checks::rule, (operation), __VA_ARGS__)

#define ggml_add(...) GRAPH_CHECK(repeats, ggml_add, __VA_ARGS__)
#define ggml_sub(...) GRAPH_CHECK(repeats, ggml_sub, __VA_ARGS__)
#define ggml_mul(...) GRAPH_CHECK(repeats, ggml_mul, __VA_ARGS__)
#define ggml_div(...) GRAPH_CHECK(repeats, ggml_div, __VA_ARGS__)
#define ggml_add_inplace(...) GRAPH_CHECK(repeats, ggml_add_inplace, __VA_ARGS__)
#define ggml_reshape_1d(...) GRAPH_CHECK(reshape, ggml_reshape_1d, __VA_ARGS__)
#define ggml_reshape_2d(...) GRAPH_CHECK(reshape, ggml_reshape_2d, __VA_ARGS__)
#define ggml_reshape_3d(...) GRAPH_CHECK(reshape, ggml_reshape_3d, __VA_ARGS__)
#define ggml_reshape_4d(...) GRAPH_CHECK(reshape, ggml_reshape_4d, __VA_ARGS__)
#define ggml_cont_2d(...) GRAPH_CHECK(cont, ggml_cont_2d, __VA_ARGS__)
#define ggml_cont_3d(...) GRAPH_CHECK(cont, ggml_cont_3d, __VA_ARGS__)
#define ggml_cont_4d(...) GRAPH_CHECK(cont, ggml_cont_4d, __VA_ARGS__)
#define ggml_view_1d(...) GRAPH_CHECK(view, ggml_view_1d, __VA_ARGS__)
#define ggml_view_2d(...) GRAPH_CHECK(view2, ggml_view_2d, __VA_ARGS__)
#define ggml_view_3d(...) GRAPH_CHECK(view3, ggml_view_3d, __VA_ARGS__)
#define ggml_view_4d(...) GRAPH_CHECK(view4, ggml_view_4d, __VA_ARGS__)
#define ggml_new_tensor_1d(...) GRAPH_CHECK(positive, ggml_new_tensor_1d, __VA_ARGS__)
#define ggml_new_tensor_2d(...) GRAPH_CHECK(positive, ggml_new_tensor_2d, __VA_ARGS__)
#define ggml_new_tensor_3d(...) GRAPH_CHECK(positive, ggml_new_tensor_3d, __VA_ARGS__)
#define ggml_new_tensor_4d(...) GRAPH_CHECK(positive, ggml_new_tensor_4d, __VA_ARGS__)
#define ggml_mul_mat(...) GRAPH_CHECK(multiplies, ggml_mul_mat, __VA_ARGS__)
#define ggml_concat(...) GRAPH_CHECK(joins, ggml_concat, __VA_ARGS__)
#define ggml_get_rows(...) GRAPH_CHECK(takesRows, ggml_get_rows, __VA_ARGS__)
#define ggml_repeat(...) GRAPH_CHECK(repeatsTo, ggml_repeat, __VA_ARGS__)
#define ggml_rope_ext(...) GRAPH_CHECK(rotates, ggml_rope_ext, __VA_ARGS__)
#define ggml_rope_multi(...) GRAPH_CHECK(rotatesMany, ggml_rope_multi, __VA_ARGS__)
#define ggml_soft_max_ext(...) GRAPH_CHECK(masks, ggml_soft_max_ext, __VA_ARGS__)
#define ggml_flash_attn_ext(...) GRAPH_CHECK(attends, ggml_flash_attn_ext, __VA_ARGS__)
#define ggml_conv_2d(...) GRAPH_CHECK(convolves, ggml_conv_2d, __VA_ARGS__)
#define ggml_conv_2d_direct(...) GRAPH_CHECK(convolves, ggml_conv_2d_direct, __VA_ARGS__)
#define ggml_conv_2d_dw(...) GRAPH_CHECK(depthwise, ggml_conv_2d_dw, __VA_ARGS__)
#define ggml_conv_2d_dw_direct(...) GRAPH_CHECK(depthwise, ggml_conv_2d_dw_direct, __VA_ARGS__)
#define ggml_pool_2d(...) GRAPH_CHECK(pools, ggml_pool_2d, __VA_ARGS__)
#define ggml_interpolate(...) GRAPH_CHECK(resizes, ggml_interpolate, __VA_ARGS__)
#define ggml_soft_max(...) GRAPH_CHECK(contiguous, ggml_soft_max, __VA_ARGS__)
#define ggml_scale(...) GRAPH_CHECK(contiguous, ggml_scale, __VA_ARGS__)
#define ggml_scale_bias(...) GRAPH_CHECK(contiguous, ggml_scale_bias, __VA_ARGS__)
#define ggml_fill(...) GRAPH_CHECK(contiguous, ggml_fill, __VA_ARGS__)
#define ggml_gelu(...) GRAPH_CHECK(rows, ggml_gelu, __VA_ARGS__)
#define ggml_gelu_erf(...) GRAPH_CHECK(rows, ggml_gelu_erf, __VA_ARGS__)
#define ggml_gelu_quick(...) GRAPH_CHECK(rows, ggml_gelu_quick, __VA_ARGS__)
#define ggml_silu(...) GRAPH_CHECK(rows, ggml_silu, __VA_ARGS__)
#define ggml_relu(...) GRAPH_CHECK(rows, ggml_relu, __VA_ARGS__)
#define ggml_sigmoid(...) GRAPH_CHECK(rows, ggml_sigmoid, __VA_ARGS__)
#define ggml_tanh(...) GRAPH_CHECK(rows, ggml_tanh, __VA_ARGS__)
#define ggml_sqr(...) GRAPH_CHECK(rows, ggml_sqr, __VA_ARGS__)
#define ggml_sqrt(...) GRAPH_CHECK(rows, ggml_sqrt, __VA_ARGS__)
#define ggml_swiglu_split(...) GRAPH_CHECK(alike, ggml_swiglu_split, __VA_ARGS__)
#define ggml_geglu_split(...) GRAPH_CHECK(alike, ggml_geglu_split, __VA_ARGS__)
#define ggml_geglu_erf_split(...) GRAPH_CHECK(alike, ggml_geglu_erf_split, __VA_ARGS__)
#define ggml_geglu_quick_split(...) GRAPH_CHECK(alike, ggml_geglu_quick_split, __VA_ARGS__)
#define ggml_cont(...) GRAPH_CHECK(any, ggml_cont, __VA_ARGS__)
#define ggml_cast(...) GRAPH_CHECK(any, ggml_cast, __VA_ARGS__)
#define ggml_permute(...) GRAPH_CHECK(any, ggml_permute, __VA_ARGS__)
#define ggml_transpose(...) GRAPH_CHECK(any, ggml_transpose, __VA_ARGS__)
#define ggml_norm(...) GRAPH_CHECK(any, ggml_norm, __VA_ARGS__)
#define ggml_rms_norm(...) GRAPH_CHECK(any, ggml_rms_norm, __VA_ARGS__)
#define ggml_mean(...) GRAPH_CHECK(any, ggml_mean, __VA_ARGS__)
#define ggml_pad(...) GRAPH_CHECK(any, ggml_pad, __VA_ARGS__)
#define ggml_pad_ext(...) GRAPH_CHECK(any, ggml_pad_ext, __VA_ARGS__)
#define ggml_roll(...) GRAPH_CHECK(any, ggml_roll, __VA_ARGS__)
#define ggml_clamp(...) GRAPH_CHECK(any, ggml_clamp, __VA_ARGS__)
#define ggml_repeat_4d(...) GRAPH_CHECK(any, ggml_repeat_4d, __VA_ARGS__)
#define ggml_sum_rows(...) GRAPH_CHECK(any, ggml_sum_rows, __VA_ARGS__)

#define ggml_backend_sched_reserve(scheduler, graph) \
  (graph_checks::checkTypes(scheduler, graph), (ggml_backend_sched_reserve)(scheduler, graph))
#define ggml_backend_sched_alloc_graph(scheduler, graph) \
  (graph_checks::checkTypes(scheduler, graph), (ggml_backend_sched_alloc_graph)(scheduler, graph))
#define ggml_backend_sched_graph_compute(scheduler, graph) \
  (graph_checks::checkRows(graph), (ggml_backend_sched_graph_compute)(scheduler, graph))

#define gguf_get_val_u32(gguf, key) graph_checks::read((gguf_get_val_u32), gguf, key, GGUF_TYPE_UINT32)
#define gguf_get_val_i32(gguf, key) graph_checks::read((gguf_get_val_i32), gguf, key, GGUF_TYPE_INT32)
#define gguf_get_val_f32(gguf, key) graph_checks::read((gguf_get_val_f32), gguf, key, GGUF_TYPE_FLOAT32)
#define gguf_get_val_bool(gguf, key) graph_checks::read((gguf_get_val_bool), gguf, key, GGUF_TYPE_BOOL)
#define gguf_get_val_str(gguf, key) graph_checks::read((gguf_get_val_str), gguf, key, GGUF_TYPE_STRING)
#define gguf_get_arr_type(gguf, key) graph_checks::read((gguf_get_arr_type), gguf, key, GGUF_TYPE_ARRAY)
#define gguf_get_arr_n(gguf, key) graph_checks::read((gguf_get_arr_n), gguf, key, GGUF_TYPE_ARRAY)
#define gguf_get_arr_data(gguf, key) graph_checks::read((gguf_get_arr_data), gguf, key, GGUF_TYPE_ARRAY)
