import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { convert } from "../../../src/importing/tensors/convert.js";
import { checkpoints } from "../support.js";

export type Numbers = "F32" | "F16" | "BF16";

/** By name: numbers that each of the three types holds exactly. */
export type Weights = Map<string, { shape: number[]; values: Float32Array }>;

/** Those of the small checkpoint that is written here; of the language model, two heads share keys and values. */
export const sizes = {
  ...{ vocabulary: 801, width: 64, inner: 96, layers: 2, heads: 4, kvHeads: 2 },
  vision: { width: 32, inner: 64, layers: 2, heads: 2, image: 28, patch: 14, positions: 5 },
  abstractor: { inner: 32, layers: 2, heads: 2, queries: 3 },
};

/** Names and shapes as mPLUG-Owl2's own code has them. */
function shapes(positions: boolean): [string, number[]][] {
  const { vocabulary, width, inner, layers, heads, kvHeads, vision, abstractor } = sizes;
  const all: [string, number[]][] = [
    ["model.embed_tokens.weight", [vocabulary, width]],
    ["model.norm.weight", [width]],
    ["lm_head.weight", [vocabulary, width]],
  ];
  const linear = (name: string, outputs: number, inputs: number): void => {
    all.push([`${name}.weight`, [outputs, inputs]], [`${name}.bias`, [outputs]]);
  };
  const norm = (name: string, size: number): void => {
    all.push([`${name}.weight`, [size]], [`${name}.bias`, [size]]);
  };
  for (let i = 0; i < layers; i++) {
    const layer = `model.layers.${i}`;
    const rows = (width / heads) * kvHeads;
    for (const way of [0, 1]) {
      all.push([`${layer}.self_attn.k_proj.multiway.${way}.weight`, [rows, width]]);
      all.push([`${layer}.self_attn.v_proj.multiway.${way}.weight`, [rows, width]]);
      all.push([`${layer}.input_layernorm.multiway.${way}.weight`, [width]]);
      all.push([`${layer}.post_attention_layernorm.multiway.${way}.weight`, [width]]);
    }
    all.push([`${layer}.self_attn.q_proj.weight`, [width, width]]);
    all.push([`${layer}.self_attn.o_proj.weight`, [width, width]]);
    all.push([`${layer}.self_attn.rotary_emb.inv_freq`, [width / heads / 2]]);
    all.push(
      [`${layer}.mlp.gate_proj.weight`, [inner, width]],
      [`${layer}.mlp.up_proj.weight`, [inner, width]],
    );
    all.push([`${layer}.mlp.down_proj.weight`, [width, inner]]);
  }
  const seen = "model.vision_model";
  all.push([`${seen}.embeddings.cls_token`, [1, 1, vision.width]]);
  all.push([`${seen}.embeddings.patch_embed.weight`, [vision.width, 3, vision.patch, vision.patch]]);
  all.push([`${seen}.embeddings.position_embedding`, [1, vision.positions, vision.width]]);
  norm(`${seen}.embeddings.pre_layernorm`, vision.width);
  norm(`${seen}.post_layernorm`, vision.width);
  for (let i = 0; i < vision.layers; i++) {
    const layer = `${seen}.encoder.layers.${i}`;
    linear(`${layer}.self_attn.query_key_value`, 3 * vision.width, vision.width);
    linear(`${layer}.self_attn.dense`, vision.width, vision.width);
    linear(`${layer}.mlp.fc1`, vision.inner, vision.width);
    linear(`${layer}.mlp.fc2`, vision.width, vision.inner);
    norm(`${layer}.input_layernorm`, vision.width);
    norm(`${layer}.post_attention_layernorm`, vision.width);
  }
  const few = "model.visual_abstractor";
  all.push([`${few}.query_embeds`, [1, abstractor.queries, vision.width]], [`${few}.vit_eos`, [1, 1, width]]);
  linear(`${few}.visual_fc`, width, vision.width);
  for (let i = 0; i < abstractor.layers; i++) {
    const layer = `${few}.encoder.layers.${i}.crossattention`;
    for (const name of ["query", "key", "value"])
      linear(`${layer}.attention.${name}`, vision.width, vision.width);
    linear(`${layer}.output.out_proj`, vision.width, vision.width);
    linear(`${layer}.output.mlp.w1`, abstractor.inner, vision.width);
    linear(`${layer}.output.mlp.w2`, vision.width, abstractor.inner);
    linear(`${layer}.output.mlp.w3`, abstractor.inner, vision.width);
    norm(`${layer}.output.mlp.ffn_ln`, abstractor.inner);
    for (const name of ["norm1", "normk", "output.norm2"]) norm(`${layer}.${name}`, vision.width);
    if (!positions) continue;
    all.push([`${layer}.attention.q_pos_embed`, [abstractor.queries, vision.width]]);
    all.push([`${layer}.attention.k_pos_embed`, [vision.positions, vision.width]]);
  }
  return all;
}

/** Other numbers in each tensor, but for positions, which are the same in all layers. */
export function makeWeights(positions = true): Weights {
  const weights: Weights = new Map();
  for (const [index, [name, shape]] of shapes(positions).entries()) {
    const count = shape.reduce((a, b) => a * b, 1);
    let state = name.endsWith("_pos_embed") ? count : index + 1;
    const values = Float32Array.from({ length: count }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return ((state >>> 16) % 255) / 64 - 127 / 64;
    });
    weights.set(name, { shape, values });
  }
  return weights;
}

const config = {
  ...{ architectures: ["MPLUGOwl2LlamaForCausalLM"], model_type: "mplug_owl2", hidden_act: "silu" },
  ...{ vocab_size: sizes.vocabulary, hidden_size: sizes.width, intermediate_size: sizes.inner },
  ...{
    num_hidden_layers: sizes.layers,
    num_attention_heads: sizes.heads,
    num_key_value_heads: sizes.kvHeads,
  },
  ...{ rms_norm_eps: 1e-6, rope_theta: 10000, rope_scaling: null, max_position_embeddings: 2048 },
  ...{ bos_token_id: 1, eos_token_id: 2, tie_word_embeddings: false },
  visual_config: {
    visual_model: {
      ...{ hidden_size: sizes.vision.width, intermediate_size: sizes.vision.inner, hidden_act: "quick_gelu" },
      ...{ num_hidden_layers: sizes.vision.layers, num_attention_heads: sizes.vision.heads },
      ...{ image_size: sizes.vision.image, patch_size: sizes.vision.patch, layer_norm_eps: 1e-6 },
    },
    visual_abstractor: {
      ...{ hidden_size: sizes.vision.width, encoder_hidden_size: sizes.vision.width, grid_size: 2 },
      ...{ num_hidden_layers: sizes.abstractor.layers, num_attention_heads: sizes.abstractor.heads },
      ...{ intermediate_size: sizes.abstractor.inner, num_learnable_queries: sizes.abstractor.queries },
      layer_norm_eps: 1e-6,
    },
  },
};

/** Writes a checkpoint in two parts, with LLaVA's small tokenizer. */
export async function writeCheckpoint(path: string, weights: Weights, type: Numbers): Promise<void> {
  await mkdir(path, { recursive: true });
  for (const file of ["tokenizer.model", "tokenizer_config.json", "preprocessor_config.json"])
    await cp(join(checkpoints, "llava-1.5", file), join(path, file));
  await writeFile(join(path, "config.json"), JSON.stringify(config));
  const entries = [...weights];
  const middle = entries.length >> 1;
  const map: Record<string, string> = {};
  for (const [part, some] of [entries.slice(0, middle), entries.slice(middle)].entries()) {
    const file = `model-0000${part + 1}-of-00002.safetensors`;
    await writeFile(join(path, file), safetensors(some, type));
    for (const [name] of some) map[name] = file;
  }
  await writeFile(join(path, "model.safetensors.index.json"), JSON.stringify({ weight_map: map }));
}

function safetensors(
  entries: readonly [string, { shape: number[]; values: Float32Array }][],
  type: Numbers,
): Buffer {
  const header: Record<string, unknown> = {};
  const data: Buffer[] = [];
  let at = 0;
  for (const [name, { shape, values }] of entries) {
    const bytes = convert(Buffer.from(values.buffer), "F32", type);
    header[name] = { dtype: type, shape, data_offsets: [at, (at += bytes.length)] };
    data.push(bytes);
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, ...data]);
}
