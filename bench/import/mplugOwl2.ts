import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeCheckpoint } from "../../test/reference/mplug-owl2/checkpoint.js";
import {
  abstractorTensors,
  languageTensors,
  type Shape,
  visionTensors,
} from "../../test/reference/mplug-owl2/tensors.js";
import type { BenchModel } from "./benchModel.js";

const shapeOf = (layers: number): Shape => ({
  ...{ layers, width: 4096, heads: 32, inner: 11008 },
  vision: { layers: 24, width: 1024, heads: 16, inner: 4096, imageSize: 448, patch: 14 },
  abstractor: { layers: 6, heads: 16, inner: 2816, queries: 64 },
});

/** mPLUG-Owl2-7B: OneAlign, DeQA-Score, Q-Instruct. */
export const mplugOwl2: BenchModel = {
  layers: 32,
  shapes(layers) {
    const shape = shapeOf(layers);
    const all = [
      ...languageTensors(shape),
      ...visionTensors(shape.vision),
      ...abstractorTensors(shape, false),
    ];
    return new Map(all.map(({ name, shape: sizes }) => [name, sizes]));
  },
  async writeRest(folder, layers) {
    await writeCheckpoint(folder, { format: "safetensors", shards: 1 });
    await rm(join(folder, "model.safetensors"));
    const path = join(folder, "config.json");
    const config = JSON.parse(await readFile(path, "utf8")) as { visual_config: Record<string, object> };
    const { width, heads, inner, vision, abstractor } = shapeOf(layers);
    const { visual_model: seen = {}, visual_abstractor: few = {} } = config.visual_config;
    Object.assign(config, { hidden_size: width, num_hidden_layers: layers, intermediate_size: inner });
    Object.assign(config, { num_attention_heads: heads, num_key_value_heads: heads });
    Object.assign(seen, { hidden_size: vision.width, num_hidden_layers: vision.layers });
    Object.assign(seen, { intermediate_size: vision.inner, num_attention_heads: vision.heads });
    Object.assign(seen, { image_size: vision.imageSize, patch_size: vision.patch });
    Object.assign(few, { hidden_size: vision.width, encoder_hidden_size: vision.width });
    Object.assign(few, { grid_size: vision.imageSize / vision.patch, intermediate_size: abstractor.inner });
    Object.assign(few, { num_hidden_layers: abstractor.layers, num_attention_heads: abstractor.heads });
    Object.assign(few, { num_learnable_queries: abstractor.queries });
    await writeFile(path, JSON.stringify(config));
  },
};
