#include "mobilenetv5.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "models.h"
#include "operations.h"

// libmtmd's graph keeps each channel's picture by itself, so every convolution moves all of it before and
// after. Here a tensor is [C, W, H] from the first convolution to the last.

namespace {

constexpr float kEpsilon = 1e-6f;
constexpr int kOutput = 16;  // places of the result, along a side

// How a convolution lies along one side of a picture: how many results it has, and where its kernel starts.
struct Fit {
  int64_t size, before;
};

// As PyTorch pads for "same" at a step of 2: as much as `nominal` places need, the smaller half before.
Fit halving(int64_t picture, int64_t kernel, int64_t nominal) {
  const int64_t missing = std::max<int64_t>(0, ((picture + 1) / 2 - 1) * 2 + nominal - picture);
  return {(picture + missing - kernel) / 2 + 1, missing / 2};
}

Fit keeping(int64_t picture, int64_t kernel, int64_t pad) {
  return {picture + 2 * pad - kernel + 1, pad};
}

// What follows a convolution: a norm over channels where there is a weight for it, then GELU where asked.
struct After {
  ggml_tensor* norm = nullptr;
  bool gelu = false;
};

class Graph {
 public:
  Graph(ggml_context* context, const clip_model& model) : ctx(context), model(model) {}

  // From [W, H, 3] to [C, W, H].
  ggml_tensor* features(ggml_tensor* picture) const;

 private:
  ggml_context* ctx;
  const clip_model& model;

  ggml_tensor* norm(ggml_tensor* x, ggml_tensor* weight) const;
  ggml_tensor* finish(ggml_tensor* x, After after) const;
  ggml_tensor* stem(ggml_tensor* picture) const;
  ggml_tensor* convolve(ggml_tensor* kernel, ggml_tensor* x, int step, int pad, After after) const;
  ggml_tensor* pointwise(ggml_tensor* kernel, ggml_tensor* x, After after = {}) const;
  ggml_tensor* depthwise(ggml_tensor* kernel, ggml_tensor* x, int step, After after) const;
  ggml_tensor* edgeResidual(ggml_tensor* x, const mobilenetv5_block& block, int step) const;
  ggml_tensor* invertedResidual(ggml_tensor* x, const mobilenetv5_block& block, int step) const;
  ggml_tensor* reduced(ggml_tensor* x, ggml_tensor* kernel, ggml_tensor* weight) const;
  ggml_tensor* attention(ggml_tensor* x, const mobilenetv5_block& block) const;
  ggml_tensor* enlarged(ggml_tensor* x, int64_t width, int64_t height) const;
  ggml_tensor* pooled(ggml_tensor* x, int64_t step) const;
  ggml_tensor* fused(const std::vector<ggml_tensor*>& stages) const;
  ggml_tensor* block(ggml_tensor* x, const mobilenetv5_block& block, int step) const;
};

ggml_tensor* Graph::norm(ggml_tensor* x, ggml_tensor* weight) const {
  return weight ? ggml_mul(ctx, ggml_rms_norm(ctx, x, kEpsilon), weight) : x;
}

ggml_tensor* Graph::finish(ggml_tensor* x, After after) const {
  x = norm(x, after.norm);
  return after.norm && after.gelu ? ggml_gelu(ctx, x) : x;
}

// The picture still has each channel by itself. Its kernel may be larger than the 3×3 that it is padded for.
ggml_tensor* Graph::stem(ggml_tensor* picture) const {
  ggml_tensor* kernel = model.mobilenet_stem_conv_w;
  const int64_t w = picture->ne[0], h = picture->ne[1];
  const Fit x = halving(w, kernel->ne[1], 3), y = halving(h, kernel->ne[2] / picture->ne[2], 3);
  ggml_tensor* norm = model.mobilenet_stem_norm_w;
  return finish(
      operations::convolve(ctx, kernel, ggml_reshape_4d(ctx, picture, 1, w, h, picture->ne[2]),
                           model.mobilenet_stem_conv_b, {2, x.before, y.before}, x.size, y.size, !norm),
      {norm, true});
}

ggml_tensor* Graph::convolve(ggml_tensor* kernel, ggml_tensor* x, int step, int pad, After after) const {
  if (!kernel) graph_checks::misfit("a convolution", kernel);
  const int64_t kw = kernel->ne[1], kh = kernel->ne[2];
  const Fit across = step == 1 ? keeping(x->ne[1], kw, pad) : halving(x->ne[1], kw, 3);
  const Fit down = step == 1 ? keeping(x->ne[2], kh, pad) : halving(x->ne[2], kh, 3);
  return finish(operations::convolve(ctx, kernel, x, nullptr, {step, across.before, down.before}, across.size,
                                     down.size, after.gelu && !after.norm),
                after);
}

ggml_tensor* Graph::pointwise(ggml_tensor* kernel, ggml_tensor* x, After after) const {
  return convolve(kernel, x, 1, 0, after);
}

ggml_tensor* Graph::depthwise(ggml_tensor* kernel, ggml_tensor* x, int step, After after) const {
  const int64_t kw = kernel->ne[1], kh = kernel->ne[2];
  const Fit across = step == 1 ? keeping(x->ne[1], kw, kw / 2) : halving(x->ne[1], kw, kw);
  const Fit down = step == 1 ? keeping(x->ne[2], kh, kw / 2) : halving(x->ne[2], kh, kw);
  return finish(operations::depthwise(ctx, kernel, x, {step, across.before, down.before}, across.size,
                                      down.size, after.gelu && !after.norm),
                after);
}

ggml_tensor* Graph::edgeResidual(ggml_tensor* x, const mobilenetv5_block& block, int step) const {
  ggml_tensor* cur = convolve(block.s0_conv_exp_w, x, step, 1, {block.s0_bn1_w, true});
  cur = pointwise(block.s0_conv_pwl_w, cur, {block.s0_bn2_w});
  return step == 1 && ggml_are_same_shape(cur, x) ? ggml_add(ctx, cur, x) : cur;
}

ggml_tensor* Graph::invertedResidual(ggml_tensor* x, const mobilenetv5_block& block, int step) const {
  ggml_tensor* cur = x;
  if (block.dw_start_w) cur = depthwise(block.dw_start_w, cur, 1, {block.dw_start_bn_w});
  if (block.pw_exp_w) cur = pointwise(block.pw_exp_w, cur, {block.pw_exp_bn_w, true});
  if (block.dw_mid_w) cur = depthwise(block.dw_mid_w, cur, step, {block.dw_mid_bn_w, true});
  if (block.pw_proj_w) cur = pointwise(block.pw_proj_w, cur, {block.pw_proj_bn_w});
  if (block.layer_scale_w) cur = ggml_mul(ctx, cur, block.layer_scale_w);
  return ggml_are_same_shape(cur, x) ? ggml_add(ctx, cur, x) : cur;
}

// What keys and values are made of: half the places a side, where the model has it so.
ggml_tensor* Graph::reduced(ggml_tensor* x, ggml_tensor* kernel, ggml_tensor* weight) const {
  return kernel ? depthwise(kernel, x, 2, {weight}) : x;
}

// All heads share keys and values, so the heads of all places are the rows of one product.
ggml_tensor* Graph::attention(ggml_tensor* x, const mobilenetv5_block& block) const {
  ggml_tensor* cur = norm(x, block.attn_norm_w);
  ggml_tensor* q = pointwise(block.attn_q_w, cur);
  ggml_tensor* k = pointwise(block.attn_k_w, reduced(cur, block.attn_k_dw_w, block.attn_k_norm_w));
  ggml_tensor* v = pointwise(block.attn_v_w, reduced(cur, block.attn_v_dw_w, block.attn_v_norm_w));
  const int64_t size = k->ne[0], heads = q->ne[0] / size, places = x->ne[1] * x->ne[2];
  k = ggml_reshape_2d(ctx, k, size, k->ne[1] * k->ne[2]);
  v = ggml_cont(ctx, ggml_transpose(ctx, ggml_reshape_2d(ctx, v, v->ne[0], v->ne[1] * v->ne[2])));
  ggml_tensor* scores = ggml_mul_mat(ctx, k, ggml_reshape_2d(ctx, q, size, heads * places));
  scores = ggml_soft_max(ctx, ggml_scale(ctx, scores, 1.0f / std::sqrt(static_cast<float>(size))));
  ggml_tensor* mixed = ggml_mul_mat(ctx, v, scores);
  mixed = ggml_reshape_3d(ctx, mixed, v->ne[1] * heads, x->ne[1], x->ne[2]);
  cur = pointwise(block.attn_o_w, mixed);
  if (!ggml_are_same_shape(cur, x)) return cur;
  if (block.layer_scale_w) cur = ggml_mul(ctx, cur, block.layer_scale_w);
  return ggml_add(ctx, cur, x);
}

ggml_tensor* Graph::block(ggml_tensor* x, const mobilenetv5_block& block, int step) const {
  if (block.s0_conv_exp_w) return edgeResidual(x, block, step);
  if (block.attn_q_w) return attention(x, block);
  return invertedResidual(x, block, step);
}

// Each place as often as the new size holds the old, along both sides.
ggml_tensor* Graph::enlarged(ggml_tensor* x, int64_t width, int64_t height) const {
  const int64_t c = x->ne[0], w = x->ne[1], h = x->ne[2], times = width / w;
  GGML_ASSERT(width == w * times && height == h * times);
  x = ggml_repeat_4d(ctx, ggml_reshape_3d(ctx, x, c, 1, w * h), c, times, w * h, 1);
  return ggml_reshape_3d(
      ctx, ggml_repeat_4d(ctx, ggml_reshape_3d(ctx, x, c * width, 1, h), c * width, times, h, 1), c, width,
      height);
}

// The mean of step × step places.
ggml_tensor* Graph::pooled(ggml_tensor* x, int64_t step) const {
  const int64_t c = x->ne[0], w = x->ne[1] / step, h = x->ne[2] / step;
  GGML_ASSERT(w * step == x->ne[1] && h > 0);
  ggml_tensor* sum = nullptr;
  for (int64_t i = 0; i < step * step; i++) {
    const size_t offset = (i % step) * x->nb[1] + (i / step) * x->nb[2];
    ggml_tensor* each = ggml_view_3d(ctx, x, c, w, h, step * x->nb[1], step * x->nb[2], offset);
    sum = sum ? ggml_add(ctx, sum, each) : ggml_cont(ctx, each);
  }
  return ggml_scale(ctx, sum, 1.0f / static_cast<float>(step * step));
}

// The stages' results side by side at the size of the first, mixed and made kOutput places wide.
ggml_tensor* Graph::fused(const std::vector<ggml_tensor*>& stages) const {
  ggml_tensor* cur = stages[0];
  const int64_t w = cur->ne[1], h = cur->ne[2];
  for (size_t i = 1; i < stages.size(); i++) {
    const bool smaller = stages[i]->ne[1] < w || stages[i]->ne[2] < h;
    cur = ggml_concat(ctx, cur, smaller ? enlarged(stages[i], w, h) : stages[i], 0);
  }
  if (model.msfa_ffn_expand_w)
    cur = pointwise(model.msfa_ffn_expand_w, cur, {model.msfa_ffn_expand_bn, true});
  if (model.msfa_ffn_project_w) cur = pointwise(model.msfa_ffn_project_w, cur, {model.msfa_ffn_project_bn});
  if (cur->ne[1] > kOutput) {
    GGML_ASSERT(cur->ne[1] % kOutput == 0);
    cur = pooled(cur, cur->ne[1] / kOutput);
  }
  return norm(cur, model.msfa_concat_norm_w);
}

ggml_tensor* Graph::features(ggml_tensor* picture) const {
  ggml_tensor* cur = stem(picture);
  const std::vector<int>& ends = model.mobilenet_stage_ends;  // the last block of each stage
  const size_t count = model.mobilenet_blocks.size();
  std::vector<ggml_tensor*> stages;
  for (size_t i = 0, stage = 0; i < count; i++) {
    const bool starts = i == 0 || static_cast<size_t>(ends[stage]) == i - 1;
    if (i > 0 && starts) stage++;
    cur = block(cur, model.mobilenet_blocks[i], starts ? 2 : 1);
    const bool isLast = static_cast<size_t>(ends[stage]) == i;
    if (isLast && (ends.size() < 4 ? i + 1 == count : stage >= 2)) stages.push_back(cur);
  }
  return stages.empty() ? cur : fused(stages);
}

struct ClipGraph : clip_graph {
  using clip_graph::clip_graph;
  ggml_cgraph* build() override;
};

ggml_cgraph* ClipGraph::build() {
  ggml_tensor* cur = Graph(ctx0, model).features(build_inp_raw());
  const int64_t channels = cur->ne[0];
  GGML_ASSERT(channels == hparams.n_embd);
  cur = ggml_reshape_2d(ctx0, cur, channels, cur->ne[1] * cur->ne[2]);
  cur = ggml_rms_norm(ctx0, ggml_scale(ctx0, cur, std::sqrt(static_cast<float>(channels))), kEpsilon);
  if (model.mm_soft_emb_norm_w) cur = ggml_mul(ctx0, cur, model.mm_soft_emb_norm_w);
  if (model.mm_input_proj_w) cur = build_mm(model.mm_input_proj_w, cur);
  cur = ggml_rms_norm(ctx0, cur, kEpsilon);
  if (model.mm_post_proj_norm_w) cur = ggml_mul(ctx0, cur, model.mm_post_proj_norm_w);
  ggml_build_forward_expand(gf, cur);
  return gf;
}

}  // namespace

namespace mobilenetv5 {

std::unique_ptr<clip_graph> graph(clip_ctx* context, const clip_image_f32& picture) {
  return std::make_unique<ClipGraph>(context, picture);
}

}  // namespace mobilenetv5
