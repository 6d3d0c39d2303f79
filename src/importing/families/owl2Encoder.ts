import type { Settings } from "../checkpoint/settings.js";
import { partOfEach } from "../tensors/rearrange.js";
import type { Encoder } from "./encoder.js";
import { addLinear, addNorm, type Rule, rule, type Rules } from "./rules.js";

/** mPLUG-Owl2's encoder: CLIP's, with queries, keys and values of each head in one. */
export interface Owl2Encoder extends Encoder {
  /** Pixels of a picture. */
  readonly image: number;
  readonly epsilon: number;
  /** Places that a picture's tokens have: one for all of it, then the patches. */
  readonly positions: number;
}

const MOST_LAYERS = 512;

/** @throws {TonescoreError} `ERR_MODEL_INVALID` */
export function readOwl2Encoder(vision: Settings, output: number): Owl2Encoder {
  if (vision.text("hidden_act", "quick_gelu") !== "quick_gelu") vision.refuse("hidden_act", "quick_gelu");
  if (vision.whole("num_channels", 3) !== 3) vision.refuse("num_channels", "3");
  const [image, patch] = [vision.size("image_size", 448, 4096), vision.size("patch_size", 14, 256)];
  if (image % patch !== 0) vision.refuse("image_size", `a multiple of ${patch}`);
  const width = vision.size("hidden_size", 1024);
  const heads = vision.size("num_attention_heads", 16, width);
  if (width % heads !== 0) vision.refuse("num_attention_heads", `a divisor of ${width}`);
  return {
    layers: vision.size("num_hidden_layers", 24, MOST_LAYERS),
    inner: vision.size("intermediate_size", 4096),
    epsilon: vision.number("layer_norm_eps", 1e-6),
    positions: (image / patch) ** 2 + 1,
    ...{ width, heads, image, patch, merged: 1, output },
  };
}

export function owl2EncoderRules(encoder: Owl2Encoder): Rules {
  const { layers, width, inner, heads, patch, positions } = encoder;
  const rules: Rules = new Map([
    ["embeddings.cls_token", rule([1, 1, width], "v.class_embd", { shape: [width] })],
    ["embeddings.patch_embed.weight", rule([width, 3, patch, patch], "v.patch_embd.weight")],
    [
      "embeddings.position_embedding",
      rule([1, positions, width], "v.position_embd.weight", { shape: [positions, width], type: "F32" }),
    ],
  ]);
  addNorm(rules, "embeddings.pre_layernorm", "v.pre_ln", width);
  addNorm(rules, "post_layernorm", "v.post_ln", width);
  for (let i = 0; i < layers; i++) {
    const [from, to] = [`encoder.layers.${i}`, `v.blk.${i}`];
    addFused(rules, `${from}.self_attn.query_key_value`, to, width, heads);
    addLinear(rules, `${from}.self_attn.dense`, `${to}.attn_out`, [width, width]);
    addLinear(rules, `${from}.mlp.fc1`, `${to}.ffn_up`, [inner, width]);
    addLinear(rules, `${from}.mlp.fc2`, `${to}.ffn_down`, [width, inner]);
    addNorm(rules, `${from}.input_layernorm`, `${to}.ln1`, width);
    addNorm(rules, `${from}.post_attention_layernorm`, `${to}.ln2`, width);
  }
  return rules;
}

/** One linear layer that makes the query, the key and the value of one head after another. */
function addFused(rules: Rules, from: string, to: string, width: number, heads: number): void {
  const split = (part: string, columns: readonly number[]): Rule => ({
    shape: [3 * width, ...columns],
    made: ["q", "k", "v"].map((letter, which) => ({
      name: `${to}.attn_${letter}.${part}`,
      shape: [width, ...columns],
      select: partOfEach(which, heads, 3, (width / heads) * (columns[0] ?? 1)),
    })),
  });
  rules.set(`${from}.weight`, split("weight", [width]));
  rules.set(`${from}.bias`, split("bias", []));
}
