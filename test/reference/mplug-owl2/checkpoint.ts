import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { RandomTensor, StoredAs } from "./randomTensor.js";
import { abstractorTensors, languageTensors, type Shape, visionTensors } from "./tensors.js";
import { tokenizerModel } from "./vocabulary.js";
import { safetensors, torchFile } from "./weightFiles.js";

export interface CheckpointOptions {
  readonly type?: StoredAs;
  readonly format?: "bin" | "safetensors";
  /** Files that the weights are in; more than one have an index. */
  readonly shards?: number;
  /** Whether the abstractor's places are in it, which some published checkpoints leave out. */
  readonly positions?: boolean;
  readonly shape?: Partial<Shape>;
}

/** Small, and with all of its parts: 65 positions of the picture, 16 queries, heads of two widths. */
export const small: Shape = {
  layers: 4,
  width: 128,
  heads: 4,
  inner: 352,
  vision: { layers: 3, width: 128, heads: 4, inner: 256, imageSize: 112, patch: 14 },
  abstractor: { layers: 2, heads: 2, inner: 192, queries: 16 },
};

/**
 * Writes a checkpoint of mPLUG-Owl2 with random weights into a folder, laid out as its authors publish theirs. The
 * numbers follow from the tensors' names, and are the same in each type.
 */
export async function writeCheckpoint(folder: string, options: CheckpointOptions = {}): Promise<void> {
  const { type = "f16", format = "bin", shards = 2, positions = false } = options;
  const shape = { ...small, ...options.shape };
  await writeSettings(folder, shape, type);
  const tensors = tensorsOf(shape, positions);
  const stem = format === "bin" ? "pytorch_model" : "model";
  const write = format === "bin" ? torchFile : safetensors;
  const map: Record<string, string> = {};
  for (let i = 0; i < shards; i++) {
    const part = `-${String(i + 1).padStart(5, "0")}-of-${String(shards).padStart(5, "0")}`;
    const name = `${stem}${shards > 1 ? part : ""}.${format}`;
    const own = tensors.slice(
      Math.ceil((tensors.length * i) / shards),
      Math.ceil((tensors.length * (i + 1)) / shards),
    );
    for (const tensor of own) map[tensor.name] = name;
    await writeFile(join(folder, name), write(own, type));
  }
  if (shards > 1) await writeJson(folder, `${stem}.${format}.index.json`, { metadata: {}, weight_map: map });
}

/** All but the weights. */
export async function writeSettings(folder: string, shape: Shape, type: StoredAs): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeJson(folder, "config.json", config(shape, type));
  await writeJson(folder, "preprocessor_config.json", preprocessor(shape.vision.imageSize));
  await writeJson(folder, "tokenizer_config.json", tokenizer);
  const special = { bos_token: "<s>", eos_token: "</s>", pad_token: "<unk>", unk_token: "<unk>" };
  await writeJson(folder, "special_tokens_map.json", special);
  await writeFile(join(folder, "tokenizer.model"), tokenizerModel());
}

export const tensorsOf = (shape: Shape, positions: boolean): RandomTensor[] => [
  ...languageTensors(shape),
  ...visionTensors(shape.vision),
  ...abstractorTensors(shape, positions),
];

const writeJson = (folder: string, name: string, value: unknown): Promise<void> =>
  writeFile(join(folder, name), JSON.stringify(value, null, 2));

function config(shape: Shape, type: StoredAs): unknown {
  const { vision, abstractor } = shape;
  return {
    architectures: ["MPLUGOwl2LlamaForCausalLM"],
    model_type: "mplug_owl2",
    bos_token_id: 1,
    eos_token_id: 2,
    hidden_act: "silu",
    hidden_size: shape.width,
    intermediate_size: shape.inner,
    max_position_embeddings: 2048,
    num_attention_heads: shape.heads,
    num_hidden_layers: shape.layers,
    num_key_value_heads: shape.heads,
    rms_norm_eps: 1e-6,
    rope_scaling: null,
    rope_theta: 10000,
    tie_word_embeddings: false,
    torch_dtype: { f32: "float32", f16: "float16", bf16: "bfloat16" }[type],
    visual_config: {
      visual_model: {
        model_type: "mplug_owl_vision_model",
        hidden_act: "quick_gelu",
        hidden_size: vision.width,
        image_size: vision.imageSize,
        intermediate_size: vision.inner,
        layer_norm_eps: 1e-6,
        num_attention_heads: vision.heads,
        num_channels: 3,
        num_hidden_layers: vision.layers,
        patch_size: vision.patch,
      },
      visual_abstractor: {
        model_type: "mplug_owl_visual_abstract",
        encoder_hidden_size: vision.width,
        grid_size: vision.imageSize / vision.patch,
        hidden_size: vision.width,
        intermediate_size: abstractor.inner,
        layer_norm_eps: 1e-6,
        num_attention_heads: abstractor.heads,
        num_hidden_layers: abstractor.layers,
        num_learnable_queries: abstractor.queries,
      },
    },
    vocab_size: 32000,
  };
}

const preprocessor = (size: number): unknown => ({
  crop_size: size,
  do_center_crop: true,
  do_normalize: true,
  do_resize: true,
  feature_extractor_type: "CLIPFeatureExtractor",
  image_mean: [0.48145466, 0.4578275, 0.40821073],
  image_std: [0.26862954, 0.26130258, 0.27577711],
  resample: 3,
  size,
});

const tokenizer = {
  add_bos_token: true,
  add_eos_token: false,
  bos_token: "<s>",
  clean_up_tokenization_spaces: false,
  eos_token: "</s>",
  legacy: false,
  model_max_length: 2048,
  pad_token: null,
  tokenizer_class: "LlamaTokenizer",
  unk_token: "<unk>",
};

// npx tsx test/reference/mplug-owl2/checkpoint.ts FOLDER ['{"type":"f32","format":"safetensors"}']
if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [, , folder, options = "{}"] = process.argv;
  if (folder === undefined) throw new Error("Expected the folder to write to");
  await writeCheckpoint(folder, JSON.parse(options) as CheckpointOptions);
}
