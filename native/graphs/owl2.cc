#include "owl2.h"

#include <cmath>

namespace owl2 {

namespace {

// torch.nn.LayerNorm's own; only the norm inside of the abstractor's MLP has the model's.
constexpr float kNormEps = 1e-5f;

// libmtmd keeps what a Q-Former has, which is nearly this, in a block of its own.
const qf_block& abstractor(const clip_model& model) {
  return model.qf_proj_blocks[0];
}

}  // namespace

projector_type typeOf(const std::string& name) {
  return name == "mplug_owl2" ? kProjector : clip_projector_type_from_string(name);
}

void load(clip_model& model, const std::function<ggml_tensor*(const std::string&)>& tensor) {
  const std::string prefix = "mm.abstractor.";
  qf_block block;
  block.qf_proj_query = tensor(prefix + "query");
  block.qf_proj_img_pos = tensor(prefix + "position");
  block.qf_proj_linear_w = tensor(prefix + "fc.weight");
  block.qf_proj_linear_b = tensor(prefix + "fc.bias");
  model.mm_eoi = tensor(prefix + "end");
  for (int i = 0;; i++) {
    const std::string name = prefix + std::to_string(i) + ".";
    const auto both = [&](const char* part, ggml_tensor*& weight, ggml_tensor*& bias) {
      weight = tensor(name + part + ".weight");
      bias = tensor(name + part + ".bias");
    };
    clip_layer layer;
    both("q", layer.cross_attn_q_w, layer.cross_attn_q_b);
    if (!layer.cross_attn_q_w) break;
    both("k", layer.cross_attn_k_w, layer.cross_attn_k_b);
    both("v", layer.cross_attn_v_w, layer.cross_attn_v_b);
    both("out", layer.cross_attn_o_w, layer.cross_attn_o_b);
    both("norm1", layer.ln_1_w, layer.ln_1_b);
    both("normk", layer.cross_attn_norm_w, layer.cross_attn_norm_b);
    both("norm2", layer.ln_2_w, layer.ln_2_b);
    both("gate", layer.ff_gate_w, layer.ff_gate_b);
    both("up", layer.ff_up_w, layer.ff_up_b);
    both("ffn_norm", layer.ff_norm_w, layer.ff_norm_b);
    both("down", layer.ff_down_w, layer.ff_down_b);
    block.qf_proj_layers.push_back(layer);
  }
  model.qf_proj_blocks = {block};
}

int tokens(const clip_model& model) {
  return static_cast<int>(abstractor(model).qf_proj_query->ne[1]) + 1;
}

ggml_cgraph* Graph::build() {
  ggml_tensor* seen = encode();
  const qf_block& block = abstractor(model);
  ggml_tensor* queries = block.qf_proj_query;
  int index = 0;
  for (const clip_layer& layer : block.qf_proj_layers) {
    queries = feed(layer, attend(layer, queries, seen, index), index);
    index++;
  }
  ggml_tensor* result = linear(block.qf_proj_linear_w, block.qf_proj_linear_b, queries);
  ggml_build_forward_expand(gf, ggml_concat(ctx0, result, model.mm_eoi, 1));
  return gf;
}

// The class embedding first; all places go on, after a norm.
ggml_tensor* Graph::encode() {
  ggml_tensor* patches = ggml_reshape_2d(ctx0, build_inp(), n_embd, n_patches);
  ggml_tensor* places = ggml_concat(ctx0, model.class_embedding, patches, 1);
  ggml_tensor* seen =
      build_vit(places, n_patches + 1, NORM_TYPE_NORMAL, hparams.ffn_op, model.position_embeddings, nullptr);
  return ggml_reshape_2d(ctx0, seen, n_embd, n_patches + 1);
}

// Queries look at themselves and at what is seen. Positions are added for the products of queries and keys,
// never to the values, and the result is added to the normed queries.
ggml_tensor* Graph::attend(const clip_layer& layer, ggml_tensor* queries, ggml_tensor* seen, int index) {
  ggml_tensor* positions = abstractor(model).qf_proj_img_pos;  // of the queries, then of what is seen
  const int64_t count = queries->ne[1], all = count + seen->ne[1];
  const int64_t heads = hparams.audio_proj_head_count, size = n_embd / heads;
  ggml_tensor* x = build_norm(queries, layer.ln_1_w, layer.ln_1_b, NORM_TYPE_NORMAL, kNormEps, index);
  ggml_tensor* y =
      build_norm(seen, layer.cross_attn_norm_w, layer.cross_attn_norm_b, NORM_TYPE_NORMAL, kNormEps, index);
  ggml_tensor* both = ggml_concat(ctx0, x, y, 1);
  ggml_tensor* own = ggml_view_2d(ctx0, positions, n_embd, count, positions->nb[1], 0);
  ggml_tensor* q = linear(layer.cross_attn_q_w, layer.cross_attn_q_b, ggml_add(ctx0, x, own));
  ggml_tensor* k = linear(layer.cross_attn_k_w, layer.cross_attn_k_b, ggml_add(ctx0, both, positions));
  ggml_tensor* v = linear(layer.cross_attn_v_w, layer.cross_attn_v_b, both);
  ggml_tensor* attended =
      build_attn(layer.cross_attn_o_w, layer.cross_attn_o_b, ggml_reshape_3d(ctx0, q, size, heads, count),
                 ggml_reshape_3d(ctx0, k, size, heads, all), ggml_reshape_3d(ctx0, v, size, heads, all),
                 nullptr, 1.0f / std::sqrt(static_cast<float>(size)), index);
  return ggml_add(ctx0, x, attended);
}

ggml_tensor* Graph::feed(const clip_layer& layer, ggml_tensor* attended, int index) {
  ggml_tensor* x = build_norm(attended, layer.ln_2_w, layer.ln_2_b, NORM_TYPE_NORMAL, kNormEps, index);
  x = ggml_swiglu_split(ctx0, linear(layer.ff_gate_w, layer.ff_gate_b, x),
                        linear(layer.ff_up_w, layer.ff_up_b, x));
  x = build_norm(x, layer.ff_norm_w, layer.ff_norm_b, NORM_TYPE_NORMAL, eps, index);
  return ggml_add(ctx0, attended, linear(layer.ff_down_w, layer.ff_down_b, x));
}

ggml_tensor* Graph::linear(ggml_tensor* weight, ggml_tensor* bias, ggml_tensor* input) const {
  return ggml_add(ctx0, build_mm(weight, input), bias);
}

}  // namespace owl2
