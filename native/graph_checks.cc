#include "graph_checks.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

namespace graph_checks {

namespace {

// The tensor whose memory this one shows in another shape.
const ggml_tensor* source(const ggml_tensor* tensor) {
  while (tensor && tensor->view_src) tensor = tensor->view_src;
  return tensor;
}

std::string described(const ggml_tensor* tensor) {
  if (!tensor) return "a tensor that is not there";
  std::string shape;
  for (int i = 0; i < GGML_MAX_DIMS; i++) shape += (i ? "×" : "") + std::to_string(tensor->ne[i]);
  const std::string name = ggml_get_name(source(tensor));
  return (name.empty() ? "a tensor" : name) + " of " + shape;
}

}  // namespace

void fail(const char* format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  throw std::runtime_error(text);
}

void misfit(const char* operation, const ggml_tensor* first) {
  throw std::runtime_error("its tensors and settings do not fit together: " + std::string(operation) +
                           " cannot take " + described(first));
}

// Some operations are made of several; 64 is more than any takes.
bool hasRoom(const ggml_context* context) {
  return ggml_get_mem_size(context) - ggml_used_mem(context) > 64 * ggml_tensor_overhead();
}

bool holds(const ggml_tensor* tensor, std::initializer_list<int64_t> shape) {
  int64_t left = ggml_nelements(tensor);
  for (const int64_t n : shape) {
    if (n <= 0 || left % n != 0) return false;
    left /= n;
  }
  return left == 1;
}

bool viewFits(const ggml_tensor* tensor, std::initializer_list<int64_t> shape,
              std::initializer_list<size_t> strides, size_t offset) {
  const size_t size = ggml_nbytes(tensor);
  const int64_t width = *shape.begin();
  if (width <= 0 || width % ggml_blck_size(tensor->type) != 0 || offset > size) return false;
  if (static_cast<size_t>(width) > size * ggml_blck_size(tensor->type)) return false;
  size_t left = size - offset;
  const size_t row = ggml_row_size(tensor->type, width);
  if (row > left) return false;
  // ggml wants room for all of it one after the other, even where strides let rows overlap.
  size_t whole = left / row;
  for (auto n = shape.begin() + 1; n != shape.end(); ++n) {
    if (*n <= 0) return false;
    whole /= static_cast<size_t>(*n);
  }
  if (whole == 0) return false;
  left -= row;
  auto stride = strides.begin();
  for (auto n = shape.begin() + 1; n != shape.end(); ++n, ++stride) {
    if (*n <= 0) return false;
    const auto steps = static_cast<size_t>(*n - 1);
    if (steps > 0 && *stride > left / steps) return false;
    left -= steps * *stride;
  }
  return true;
}

bool canMultiply(const ggml_tensor* a, const ggml_tensor* b) {
  return b && !ggml_is_empty(a) && a->ne[0] == b->ne[0] && b->ne[2] % a->ne[2] == 0 &&
         b->ne[3] % a->ne[3] == 0 && !ggml_is_transposed(a);
}

bool canConcat(const ggml_tensor* a, const ggml_tensor* b, int dimension) {
  if (!b || a->type != b->type) return false;
  for (int i = 0; i < GGML_MAX_DIMS; i++) {
    if (i != dimension && a->ne[i] != b->ne[i]) return false;
  }
  return true;
}

bool canTakeRows(const ggml_tensor* table, const ggml_tensor* rows) {
  return rows && table->ne[2] == rows->ne[1] && table->ne[3] == rows->ne[2] && rows->ne[3] == 1 &&
         rows->type == GGML_TYPE_I32;
}

bool canMask(const ggml_tensor* scores, const ggml_tensor* mask) {
  if (!ggml_is_contiguous(scores)) return false;
  if (!mask) return true;
  return (mask->type == GGML_TYPE_F16 || mask->type == GGML_TYPE_F32) && ggml_is_contiguous(mask) &&
         mask->ne[0] == scores->ne[0] && mask->ne[1] >= scores->ne[1] && !ggml_is_empty(mask) &&
         scores->ne[2] % mask->ne[2] == 0 && scores->ne[3] % mask->ne[3] == 0;
}

bool canAttend(const ggml_tensor* q, const ggml_tensor* k, const ggml_tensor* v, const ggml_tensor* mask) {
  if (!k || !v || !canMultiply(k, q) || q->ne[3] != k->ne[3] || q->ne[3] != v->ne[3]) return false;
  if (k->ne[1] != v->ne[1] || ggml_is_empty(v) || q->ne[2] % v->ne[2] != 0) return false;
  if (!mask) return true;
  return mask->type == GGML_TYPE_F16 && ggml_is_contiguous(mask) && !ggml_is_empty(mask) &&
         mask->ne[0] == k->ne[1] && mask->ne[1] >= q->ne[1] && q->ne[2] % mask->ne[2] == 0 &&
         q->ne[3] % mask->ne[3] == 0;
}

bool canRotate(const ggml_tensor* a, const ggml_tensor* positions, int dimensions, int positionsEach) {
  return positions && ggml_is_vector(positions) && positions->type == GGML_TYPE_I32 &&
         a->ne[2] * positionsEach == positions->ne[0] && dimensions > 0 && dimensions % 2 == 0 &&
         dimensions <= a->ne[0];
}

bool canConvolve(const ggml_tensor* kernel, const ggml_tensor* data, bool depthwise, int s0, int s1, int p0,
                 int p1, int d0, int d1) {
  if (!data || ggml_is_empty(kernel) || !ggml_is_contiguous(kernel) || s0 <= 0 || s1 <= 0) return false;
  if (depthwise ? kernel->ne[2] != 1 || kernel->ne[3] != data->ne[2] : kernel->ne[2] != data->ne[2])
    return false;
  return data->ne[0] + 2 * p0 >= d0 * (kernel->ne[0] - 1) + 1 &&
         data->ne[1] + 2 * p1 >= d1 * (kernel->ne[1] - 1) + 1;
}

bool canPool(const ggml_tensor* a, int k0, int k1, int s0, int s1, float p0, float p1) {
  return k0 > 0 && k1 > 0 && s0 > 0 && s1 > 0 &&
         static_cast<float>(a->ne[0]) + 2 * p0 >= static_cast<float>(k0) &&
         static_cast<float>(a->ne[1]) + 2 * p1 >= static_cast<float>(k1);
}

namespace {

bool isFloat(const ggml_tensor* tensor) {
  return tensor->type == GGML_TYPE_F32 || tensor->type == GGML_TYPE_F16 || tensor->type == GGML_TYPE_BF16;
}

// What ggml's CPU kernels end the process for; they tell a scheduler only a part of it.
bool cpuTakes(const ggml_tensor* node) {
  const ggml_tensor* a = node->src[0];
  const ggml_tensor* b = node->src[1];
  switch (node->op) {
    case GGML_OP_NONE:
    case GGML_OP_RESHAPE:
    case GGML_OP_VIEW:
    case GGML_OP_PERMUTE:
    case GGML_OP_TRANSPOSE:
      return true;
    case GGML_OP_MUL_MAT:
    case GGML_OP_GET_ROWS:
    case GGML_OP_CPY:
    case GGML_OP_CONT:
    case GGML_OP_DUP:
      return isFloat(a) || ggml_get_type_traits(a->type)->to_float != nullptr;
    case GGML_OP_ADD:
    case GGML_OP_SUB:
    case GGML_OP_MUL:
    case GGML_OP_DIV:
      return isFloat(a) && (b->type == GGML_TYPE_F32 || (b->type == a->type && isFloat(b)));
    case GGML_OP_IM2COL:
      // The kernel gives its size only.
      return b->type == GGML_TYPE_F32 || (b->type == GGML_TYPE_F16 && node->type == GGML_TYPE_F16);
    case GGML_OP_CONV_2D:
      return (a->type == GGML_TYPE_F16 || a->type == GGML_TYPE_F32) && b->type == GGML_TYPE_F32;
    default:
      for (const ggml_tensor* each : node->src) {
        if (each && !isFloat(each) && each->type != GGML_TYPE_I32) return false;
      }
      return true;
  }
}

bool isCpu(ggml_backend_t backend) {
  ggml_backend_dev_t device = ggml_backend_get_device(backend);
  return !device || ggml_backend_dev_type(device) == GGML_BACKEND_DEVICE_TYPE_CPU;
}

}  // namespace

void checkTypes(ggml_backend_sched_t scheduler, ggml_cgraph* graph) {
  for (int i = 0; i < ggml_graph_n_nodes(graph); i++) {
    const ggml_tensor* node = ggml_graph_node(graph, i);
    bool taken = false;
    for (int k = 0; k < ggml_backend_sched_get_n_backends(scheduler) && !taken; k++) {
      ggml_backend_t backend = ggml_backend_sched_get_backend(scheduler, k);
      taken = ggml_backend_supports_op(backend, node) && (!isCpu(backend) || cpuTakes(node));
    }
    if (taken) continue;
    const ggml_tensor* weight = source(node->src[0]);
    for (const ggml_tensor* each : node->src) {
      if (each && source(each)->op == GGML_OP_NONE && source(each)->type != GGML_TYPE_F32)
        weight = source(each);
    }
    fail("there is no %s of %s as %s; convert it with --outtype f16", ggml_op_name(node->op),
         weight ? ggml_get_name(weight) : "nothing", weight ? ggml_type_name(weight->type) : "nothing");
  }
}

void checkRows(ggml_cgraph* graph) {
  std::vector<int32_t> rows;
  for (int i = 0; i < ggml_graph_n_nodes(graph); i++) {
    const ggml_tensor* node = ggml_graph_node(graph, i);
    if (node->op != GGML_OP_GET_ROWS) continue;
    const ggml_tensor* asked = node->src[1];
    if (source(asked)->op != GGML_OP_NONE || !ggml_is_contiguous(asked)) continue;
    rows.resize(ggml_nelements(asked));
    ggml_backend_tensor_get(asked, rows.data(), 0, rows.size() * sizeof(int32_t));
    const int64_t last = node->src[0]->ne[1];
    if (std::any_of(rows.begin(), rows.end(), [last](int32_t row) { return row < 0 || row >= last; })) {
      misfit("ggml_get_rows", node->src[0]);
    }
  }
}

}  // namespace graph_checks
