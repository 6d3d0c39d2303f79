/**
 * Prints how much memory an import takes at most, of a checkpoint with the shapes of Qwen2.5-VL-7B whose weights are 0 in a
 * sparse file: of this process, which reads and writes, and of the one that quantises (Linux).
 *
 *     npx tsx bench/importMemory.ts [layers]
 *
 * With fewer of the 28 layers it is quicker, and takes the same: one tensor is in memory at a time.
 */
import { readFileSync } from "node:fs";
import { cp, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { importModel } from "../src/importing/importModel.js";
import { byteText } from "../src/util/byteText.js";

const small = fileURLToPath(new URL("../test/reference/importing/checkpoints/qwen2.5-vl", import.meta.url));
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

function shapes(layers: number): Map<string, readonly number[]> {
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

/** The tokenizer of a small checkpoint, with weights that take no room on the disk. */
async function writeCheckpoint(folder: string, layers: number): Promise<number> {
  await cp(small, folder, { recursive: true, filter: (file) => !file.includes(".safetensors") });
  await writeFile(join(folder, "config.json"), JSON.stringify(config(layers)));
  let at = 0;
  const described = [...shapes(layers)].map(([name, shape]) => {
    const begin = at;
    at += 2 * shape.reduce((a, b) => a * b, 1);
    return [name, { dtype: "BF16", shape, data_offsets: [begin, at] }] as const;
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(described)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  await using file = await open(join(folder, "model.safetensors"), "w");
  await file.write(Buffer.concat([length, header]));
  await file.truncate(8 + header.length + at);
  return at;
}

/** Kilobytes that the processes which this one started have held at most. */
function childrenPeak(): number {
  try {
    const children = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8")
      .trim()
      .split(" ")
      .filter(Boolean);
    const peaks = children.map(
      (pid) => /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1],
    );
    return Math.max(0, ...peaks.map(Number).filter(Number.isFinite));
  } catch {
    return 0; // one has just ended
  }
}

const layers = Number(process.argv[2] ?? "28");
const folder = await mkdtemp(join(tmpdir(), "tonescore-import-memory-"));
let quantising = 0;
const looking = setInterval(() => {
  quantising = Math.max(quantising, childrenPeak());
}, 100);
try {
  const checkpoint = join(folder, "checkpoint");
  const bytes = await writeCheckpoint(checkpoint, layers);
  const target = join(folder, "model");
  await importModel({ folder: checkpoint, target, quantisation: "Q8_0", check: () => Promise.resolve() });
  const reading = process.resourceUsage().maxRSS;
  console.log(`weights of ${byteText(bytes)} in ${layers} layers`);
  console.log(`reading and writing: ${byteText(1024 * reading)} at most`);
  console.log(
    `quantising: ${byteText(1024 * quantising)} at most, the pages of the file that it reads among them`,
  );
} finally {
  clearInterval(looking);
  await rm(folder, { recursive: true, force: true });
}
