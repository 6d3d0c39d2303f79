import type { Settings } from "../checkpoint/settings.js";
import type { Owl2Encoder } from "./owl2Encoder.js";
import { addLinear, addNorm, rule, type Rules } from "./rules.js";

/** What makes of a picture's patches the few tokens that the language model is shown. */
export interface Abstractor {
  readonly layers: number;
  readonly inner: number;
  readonly heads: number;
  readonly queries: number;
}

const MOST_LAYERS = 512;
const NAME = "mm.abstractor";

/** The one table of positions that is written. */
export const POSITION = `${NAME}.position`;
/** What a layer's own table is called until then: of the queries, and of what they look at. */
export const layerPosition = (layer: number, letter: "q" | "k"): string => `${POSITION}.${layer}.${letter}`;

/** @throws {TonescoreError} `ERR_MODEL_INVALID` */
export function readAbstractor(
  settings: Settings,
  { width, image, patch, epsilon }: Owl2Encoder,
): Abstractor {
  for (const key of ["hidden_size", "encoder_hidden_size"])
    if (settings.size(key, width) !== width) settings.refuse(key, `the encoder's ${width}`);
  const side = image / patch;
  if (settings.size("grid_size", side) !== side) settings.refuse("grid_size", `the encoder's ${side}`);
  if (settings.number("layer_norm_eps", epsilon) !== epsilon)
    settings.refuse("layer_norm_eps", `the encoder's ${epsilon}`);
  const heads = settings.size("num_attention_heads", 16, width);
  if (width % heads !== 0) settings.refuse("num_attention_heads", `a divisor of ${width}`);
  // Positions are made of waves in two directions, each a sine and a cosine.
  if (width % 4 !== 0) settings.refuse("hidden_size", "a multiple of 4");
  return {
    layers: settings.size("num_hidden_layers", 6, MOST_LAYERS),
    inner: settings.size("intermediate_size", 2816),
    heads,
    queries: settings.size("num_learnable_queries", 64, 4096),
  };
}

export function abstractorRules(
  { layers, inner, queries }: Abstractor,
  { width, positions, output }: Owl2Encoder,
): Rules {
  const rules: Rules = new Map([
    ["query_embeds", rule([1, queries, width], `${NAME}.query`, { shape: [queries, width] })],
    ["vit_eos", rule([1, 1, output], `${NAME}.end`, { shape: [output] })],
  ]);
  addLinear(rules, "visual_fc", `${NAME}.fc`, [output, width]);
  for (let i = 0; i < layers; i++) {
    const [from, to] = [`encoder.layers.${i}.crossattention`, `${NAME}.${i}`];
    addLinear(rules, `${from}.attention.query`, `${to}.q`, [width, width]);
    addLinear(rules, `${from}.attention.key`, `${to}.k`, [width, width]);
    addLinear(rules, `${from}.attention.value`, `${to}.v`, [width, width]);
    addLinear(rules, `${from}.output.out_proj`, `${to}.out`, [width, width]);
    addLinear(rules, `${from}.output.mlp.w1`, `${to}.gate`, [inner, width]);
    addLinear(rules, `${from}.output.mlp.w3`, `${to}.up`, [inner, width]);
    addLinear(rules, `${from}.output.mlp.w2`, `${to}.down`, [width, inner]);
    addNorm(rules, `${from}.norm1`, `${to}.norm1`, width);
    addNorm(rules, `${from}.normk`, `${to}.normk`, width);
    addNorm(rules, `${from}.output.norm2`, `${to}.norm2`, width);
    addNorm(rules, `${from}.output.mlp.ffn_ln`, `${to}.ffn_norm`, inner);
    for (const [letter, count] of [
      ["q", queries],
      ["k", positions],
    ] as const) {
      const one = rule([count, width], layerPosition(i, letter), { type: "F32" });
      rules.set(`${from}.attention.${letter}_pos_embed`, { ...one, optional: true });
    }
  }
  return rules;
}
