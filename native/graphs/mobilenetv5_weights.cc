#include <algorithm>
#include <cstring>
#include <map>
#include <utility>
#include <vector>

#include "clip-model.h"
#include "ggml-backend.h"
#include "graph_checks.h"
#include "kernels.h"
#include "mobilenetv5.h"
#include "shared_weights.h"

// The channels of a place lie together in our graph, so those of a kernel do too.

namespace {

using Shape = std::vector<int64_t>;

enum class Kind { Kernel, Stem, Depthwise, Channels };

struct Weight {
  ggml_tensor** field;
  Kind kind;
};

std::vector<Weight> weightsOf(mobilenetv5_block& block) {
  return {
      {&block.s0_conv_exp_w, Kind::Kernel},   {&block.s0_bn1_w, Kind::Channels},
      {&block.s0_conv_pwl_w, Kind::Kernel},   {&block.s0_bn2_w, Kind::Channels},
      {&block.dw_start_w, Kind::Depthwise},   {&block.dw_start_bn_w, Kind::Channels},
      {&block.pw_exp_w, Kind::Kernel},        {&block.pw_exp_bn_w, Kind::Channels},
      {&block.dw_mid_w, Kind::Depthwise},     {&block.dw_mid_bn_w, Kind::Channels},
      {&block.pw_proj_w, Kind::Kernel},       {&block.pw_proj_bn_w, Kind::Channels},
      {&block.layer_scale_w, Kind::Channels}, {&block.attn_q_w, Kind::Kernel},
      {&block.attn_k_w, Kind::Kernel},        {&block.attn_v_w, Kind::Kernel},
      {&block.attn_o_w, Kind::Kernel},        {&block.attn_k_dw_w, Kind::Depthwise},
      {&block.attn_k_norm_w, Kind::Channels}, {&block.attn_v_dw_w, Kind::Depthwise},
      {&block.attn_v_norm_w, Kind::Channels}, {&block.attn_norm_w, Kind::Channels},
  };
}

std::vector<Weight> weightsOf(clip_model& model) {
  std::vector<Weight> weights = {
      {&model.mobilenet_stem_conv_w, Kind::Stem},     {&model.mobilenet_stem_conv_b, Kind::Channels},
      {&model.mobilenet_stem_norm_w, Kind::Channels}, {&model.msfa_ffn_expand_w, Kind::Kernel},
      {&model.msfa_ffn_expand_bn, Kind::Channels},    {&model.msfa_ffn_project_w, Kind::Kernel},
      {&model.msfa_ffn_project_bn, Kind::Channels},   {&model.msfa_concat_norm_w, Kind::Channels},
  };
  for (mobilenetv5_block& block : model.mobilenet_blocks) {
    for (const Weight& weight : weightsOf(block)) weights.push_back(weight);
  }
  return weights;
}

// The shape that a weight is laid out in; kernels.h says where in it each value stands.
Shape laidOut(const ggml_tensor* weight, Kind kind) {
  switch (kind) {
    case Kind::Kernel:
      return {weight->ne[2], weight->ne[0], weight->ne[1], weight->ne[3]};
    case Kind::Stem:
      return {1, weight->ne[0], weight->ne[2] * weight->ne[1], weight->ne[3]};
    case Kind::Depthwise:
      return {weight->ne[3], weight->ne[0], weight->ne[1], weight->ne[2]};
    default:
      return {ggml_nelements(weight), 1, 1, 1};
  }
}

std::vector<float> floatsOf(const ggml_tensor* weight) {
  std::vector<uint8_t> bytes(ggml_nbytes(weight));
  ggml_backend_tensor_get(weight, bytes.data(), 0, bytes.size());
  std::vector<float> values(ggml_nelements(weight));
  if (weight->type == GGML_TYPE_F32) {
    std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  }
  const auto toFloat = ggml_get_type_traits(weight->type)->to_float;
  if (!toFloat) {
    graph_checks::fail("there is no convolution with %s as %s; convert it with --outtype f16", weight->name,
                       ggml_type_name(weight->type));
  }
  toFloat(bytes.data(), values.data(), values.size());
  return values;
}

int64_t roundedUp(int64_t channels) {
  return (channels + kernels::kBlock - 1) / kernels::kBlock * kernels::kBlock;
}

// Of [KW, KH, IC, OC]: panels of output channels, and in each [KH][KW][IC], or [KH][IC][KW] for the stem.
std::vector<float> packed(const std::vector<float>& values, const ggml_tensor* kernel, bool stem) {
  const int64_t kw = kernel->ne[0], kh = kernel->ne[1], inputs = kernel->ne[2], channels = kernel->ne[3];
  std::vector<float> result;
  result.reserve(kw * kh * inputs * roundedUp(channels));
  for (int64_t first = 0; first < roundedUp(channels); first += kernels::kPanel) {
    const int64_t end = std::min(first + kernels::kPanel, roundedUp(channels));
    for (int64_t y = 0; y < kh; y++) {
      for (int64_t k = 0; k < kw * inputs; k++) {
        const int64_t x = stem ? k % kw : k / inputs, input = stem ? k / kw : k % inputs;
        for (int64_t channel = first; channel < end; channel++) {
          const int64_t place = ((channel * inputs + input) * kh + y) * kw + x;
          result.push_back(channel < channels ? values[place] : 0.0f);
        }
      }
    }
  }
  return result;
}

// [KW, KH, 1, C] becomes [C, KW, KH].
std::vector<float> turned(const std::vector<float>& values, const ggml_tensor* kernel) {
  const int64_t places = kernel->ne[0] * kernel->ne[1], channels = kernel->ne[3];
  std::vector<float> result(values.size());
  for (int64_t channel = 0; channel < channels; channel++) {
    for (int64_t place = 0; place < places; place++)
      result[place * channels + channel] = values[channel * places + place];
  }
  return result;
}

bool isKernel(Kind kind) {
  return kind == Kind::Kernel || kind == Kind::Stem;
}

// Kernels of f16 are most of a model, and stay so; what else there may be becomes f32.
ggml_type typeOf(const ggml_tensor* weight, Kind kind) {
  return isKernel(kind) && weight->type == GGML_TYPE_F16 ? GGML_TYPE_F16 : GGML_TYPE_F32;
}

void store(ggml_tensor* target, const std::vector<float>& values) {
  if (target->type == GGML_TYPE_F32) {
    ggml_backend_tensor_set(target, values.data(), 0, ggml_nbytes(target));
    return;
  }
  std::vector<ggml_fp16_t> halves(values.size());
  ggml_fp32_to_fp16_row(values.data(), halves.data(), values.size());
  ggml_backend_tensor_set(target, halves.data(), 0, ggml_nbytes(target));
}

void copy(ggml_tensor* target, const ggml_tensor* weight) {
  std::vector<uint8_t> bytes(ggml_nbytes(weight));
  ggml_backend_tensor_get(weight, bytes.data(), 0, bytes.size());
  ggml_backend_tensor_set(target, bytes.data(), 0, bytes.size());
}

ggml_tensor* declare(ggml_context* context, const ggml_tensor* weight, const Kind* kind) {
  if (!kind) return ggml_dup_tensor(context, weight);
  const Shape shape = laidOut(weight, *kind);
  const ggml_type type = typeOf(weight, *kind);
  if (!isKernel(*kind)) return ggml_new_tensor(context, type, GGML_MAX_DIMS, shape.data());
  // Its channels are rounded up, behind a view that has as many as there are.
  ggml_tensor* whole = ggml_new_tensor_4d(context, type, shape[0], shape[1], shape[2], roundedUp(shape[3]));
  return ggml_view_4d(context, whole, shape[0], shape[1], shape[2], shape[3], whole->nb[1], whole->nb[2],
                      whole->nb[3], 0);
}

void fill(ggml_tensor* target, const ggml_tensor* weight, const Kind* kind) {
  if (!kind)
    copy(target, weight);
  else if (isKernel(*kind))
    store(target->view_src, packed(floatsOf(weight), weight, *kind == Kind::Stem));
  else if (*kind == Kind::Depthwise)
    store(target, turned(floatsOf(weight), weight));
  else
    store(target, floatsOf(weight));
}

}  // namespace

namespace mobilenetv5 {

void layOut(clip_model& model, ggml_context_ptr& context, ggml_backend_buffer_ptr& buffer) {
  if (model.proj_type != PROJECTOR_TYPE_GEMMA3NV || !buffer) return;
  const ggml_tensor* stem = model.mobilenet_stem_conv_w;
  if (!stem || stem->ne[2] != 3) graph_checks::misfit("a picture's first convolution", stem);
  std::map<const ggml_tensor*, Kind> kinds;
  const std::vector<Weight> weights = weightsOf(model);
  for (const Weight& weight : weights) {
    if (*weight.field) kinds.emplace(*weight.field, weight.kind);
  }
  const auto kindOf = [&](const ggml_tensor* weight) {
    const auto kind = kinds.find(weight);
    return kind == kinds.end() ? nullptr : &kind->second;
  };
  const size_t room =
      2 * ggml_get_mem_size(context.get()) + 100 * ggml_tensor_overhead();  // graph_checks.h wants some left
  ggml_context_ptr next(ggml_init({room, nullptr, /*no_alloc=*/true}));
  std::map<const ggml_tensor*, ggml_tensor*> targets;
  for (ggml_tensor* each = ggml_get_first_tensor(context.get()); each;
       each = ggml_get_next_tensor(context.get(), each)) {
    targets[each] = declare(next.get(), each, kindOf(each));
    ggml_set_name(targets[each], each->name);
  }
  ggml_backend_buffer_type_t type = ggml_backend_buffer_get_type(buffer.get());
  const bool onlyShapes = ggml_backend_buffer_get_size(buffer.get()) == 0;
  ggml_backend_buffer_ptr memory(onlyShapes ? bufferWithoutMemory(next.get(), type)
                                            : ggml_backend_alloc_ctx_tensors_from_buft(next.get(), type));
  if (!memory) throw std::runtime_error("no memory for the encoder's weights");
  ggml_backend_buffer_set_usage(memory.get(), GGML_BACKEND_BUFFER_USAGE_WEIGHTS);
  for (const auto& [weight, target] : targets) {
    if (!onlyShapes) fill(target, weight, kindOf(weight));
  }
  for (const Weight& weight : weights) {
    if (*weight.field) *weight.field = targets[*weight.field];
  }
  for (ggml_tensor** each : {&model.mm_input_proj_w, &model.mm_soft_emb_norm_w, &model.mm_post_proj_norm_w}) {
    if (*each) *each = targets[*each];
  }
  context = std::move(next);
  buffer = std::move(memory);
}

}  // namespace mobilenetv5
