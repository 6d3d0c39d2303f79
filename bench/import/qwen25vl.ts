import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BenchModel } from "./benchModel.js";

const small = fileURLToPath(
  new URL("../../test/reference/importing/checkpoints/qwen2.5-vl", import.meta.url),
);
const [width, inner, keys, vocabulary] = [3584, 18944, 512, 152064];
const [seen, seenInner, looks] = [1280, 3420, 32];

const config = (layers: number): object => ({
  architectures: ["Qwen2_5_VLForConditionalGeneration"],
  ...{ hidden_size: width, intermediate_size: inner, num_attention_heads: 28, num_key_value_heads: 4 },
  ...{
    num_hidden_layers: layers,
    vocab_size: vocabulary,
    max_position_embeddings: 128000,
    rms_norm_eps: 1e-6,
  },
  rope_scaling: { type: "mrope", mrope_section: [16, 24, 24] },
  vision_config: {
    ...{
      depth: looks,
      hidden_size: seen,
      intermediate_size: seenInner,
      out_hidden_size: width,
      patch_size: 14,
    },
    fullatt_block_indexes: [7, 15, 23, 31],
  },
});

function shapes(layers: number): ReadonlyMap<string, readonly number[]> {
  const all = new Map<string, readonly number[]>();
  const linear = (name: string, rows: number, columns: number, bias = true): void => {
    all.set(`${name}.weight`, [rows, columns]);
    if (bias) all.set(`${name}.bias`, [rows]);
  };
  linear("model.embed_tokens", vocabulary, width, false);
  linear("lm_head", vocabulary, width, false);
  all.set("model.norm.weight", [width]);
  for (let i = 0; i < layers; i++) {
    const layer = `model.layers.${i}`;
    for (const norm of ["input_layernorm", "post_attention_layernorm"])
      all.set(`${layer}.${norm}.weight`, [width]);
    linear(`${layer}.self_attn.q_proj`, width, width);
    for (const letter of ["k", "v"]) linear(`${layer}.self_attn.${letter}_proj`, keys, width);
    linear(`${layer}.self_attn.o_proj`, width, width, false);
    for (const name of ["gate", "up"]) linear(`${layer}.mlp.${name}_proj`, inner, width, false);
    linear(`${layer}.mlp.down_proj`, width, inner, false);
  }
  all.set("visual.patch_embed.proj.weight", [seen, 3, 2, 14, 14]);
  all.set("visual.merger.ln_q.weight", [seen]);
  linear("visual.merger.mlp.0", 4 * seen, 4 * seen);
  linear("visual.merger.mlp.2", width, 4 * seen);
  for (let i = 0; i < looks; i++) {
    const block = `visual.blocks.${i}`;
    for (const norm of ["norm1", "norm2"]) all.set(`${block}.${norm}.weight`, [seen]);
    linear(`${block}.attn.qkv`, 3 * seen, seen);
    linear(`${block}.attn.proj`, seen, seen);
    for (const name of ["gate", "up"]) linear(`${block}.mlp.${name}_proj`, seenInner, seen);
    linear(`${block}.mlp.down_proj`, seen, seenInner);
  }
  return all;
}

/** Qwen2.5-VL-7B. */
export const qwen25vl: BenchModel = {
  layers: 28,
  shapes,
  async writeRest(folder, layers) {
    await cp(small, folder, { recursive: true, filter: (file) => !file.includes(".safetensors") });
    await writeFile(join(folder, "config.json"), JSON.stringify(config(layers)));
  },
};
