import type { Settings } from "../checkpoint/settings.js";
import { addLinear, addNorm, rule, type Rules } from "./rules.js";

/** CLIP's own way with pixels. */
export const CLIP_PICTURES = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  deviation: [0.26862954, 0.26130258, 0.27577711],
};
/** The encoders that LLaVA was trained with, which its own layout names and does not describe. */
const large = {
  hidden_size: 1024,
  intermediate_size: 4096,
  num_attention_heads: 16,
  num_hidden_layers: 24,
  patch_size: 14,
};
export const encoders: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "openai/clip-vit-large-patch14-336": { ...large, image_size: 336, projection_dim: 768 },
  "openai/clip-vit-large-patch14": { ...large, image_size: 224, projection_dim: 768 },
};

/** CLIP's encoder, as far as the layer that the language model sees. */
export interface Clip {
  readonly layers: number;
  readonly width: number;
  readonly inner: number;
  readonly heads: number;
  readonly patch: number;
  readonly side: number;
  readonly epsilon: number;
  readonly projection: number;
  /** All that the checkpoint has. */
  readonly allLayers: number;
}

export function readClip(vision: Settings, seen: number): Clip {
  const allLayers = vision.size("num_hidden_layers", 12, 512);
  const layers = seen >= 0 ? seen : allLayers + seen + 1;
  if (layers < 1 || layers > allLayers)
    vision.refuse("num_hidden_layers", `the layer ${seen} that is looked at`);
  const [side, patch] = [vision.size("image_size", 224, 4096), vision.size("patch_size", 32, 256)];
  if (side % patch !== 0) vision.refuse("image_size", `a multiple of ${patch}`);
  const act = vision.text("hidden_act", "quick_gelu");
  if (act !== "quick_gelu") vision.refuse("hidden_act", "quick_gelu");
  return {
    layers,
    allLayers,
    side,
    patch,
    width: vision.size("hidden_size", 768),
    inner: vision.size("intermediate_size", 3072),
    heads: vision.size("num_attention_heads", 12),
    epsilon: vision.number("layer_norm_eps", 1e-5),
    projection: vision.size("projection_dim", 512),
  };
}

/** The names of libmtmd's oldest encoder, in which the two layers of a network have each the other's name. */
export function clipRules({ layers, allLayers, width, inner, patch, side }: Clip): Rules {
  const positions = (side / patch) ** 2 + 1;
  const unused = (rules: Rules): Rules =>
    new Map([...rules].map(([name, { shape }]) => [name, { shape, made: [], optional: true }]));
  const rules: Rules = new Map([
    ["embeddings.class_embedding", rule([width], "v.class_embd")],
    ["embeddings.patch_embedding.weight", rule([width, 3, patch, patch], "v.patch_embd.weight")],
    ["embeddings.position_embedding.weight", rule([positions, width], "v.position_embd.weight")],
  ]);
  addNorm(rules, "pre_layrnorm", "v.pre_ln", width);
  const after: Rules = new Map();
  addNorm(after, "post_layernorm", "v.post_ln", width);
  for (let i = 0; i < allLayers; i++) {
    const [from, to] = [`encoder.layers.${i}`, `v.blk.${i}`];
    const into = i < layers ? rules : after;
    for (const letter of ["q", "k", "v"]) {
      addLinear(into, `${from}.self_attn.${letter}_proj`, `${to}.attn_${letter}`, [width, width]);
    }
    addLinear(into, `${from}.self_attn.out_proj`, `${to}.attn_out`, [width, width]);
    addLinear(into, `${from}.mlp.fc1`, `${to}.ffn_down`, [inner, width]);
    addLinear(into, `${from}.mlp.fc2`, `${to}.ffn_up`, [width, inner]);
    addNorm(into, `${from}.layer_norm1`, `${to}.ln1`, width);
    addNorm(into, `${from}.layer_norm2`, `${to}.ln2`, width);
  }
  return new Map([...rules, ...unused(after)]);
}
