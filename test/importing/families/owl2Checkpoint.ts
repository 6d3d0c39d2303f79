import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeCheckpoint } from "../../reference/mplug-owl2/checkpoint.js";
import { type RandomTensor, type StoredAs, valuesOf } from "../../reference/mplug-owl2/randomTensor.js";
import {
  abstractorTensors,
  languageTensors,
  type Shape,
  visionTensors,
} from "../../reference/mplug-owl2/tensors.js";
import { safetensors } from "../../reference/mplug-owl2/weightFiles.js";

/** Smaller still than the one that is scored with. */
export const shape: Shape = {
  ...{ layers: 2, width: 64, heads: 4, inner: 96 },
  vision: { layers: 2, width: 32, heads: 2, inner: 64, imageSize: 28, patch: 14 },
  abstractor: { layers: 2, heads: 2, inner: 32, queries: 3 },
};

/** A tensor of a checkpoint, and what it holds. */
export interface Source {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export type Weights = Map<string, Source>;

export const makeWeights = (positions = true): Weights =>
  new Map(
    [
      ...languageTensors(shape),
      ...visionTensors(shape.vision),
      ...abstractorTensors(shape, positions),
      // What old checkpoints hold besides, and no model needs.
      { name: "model.layers.0.self_attn.rotary_emb.inv_freq", shape: [8] },
    ].map((tensor: RandomTensor) => [tensor.name, { shape: tensor.shape, values: valuesOf(tensor) }]),
  );

/** Writes a checkpoint in one part with weights of the caller's own. */
export async function writeWeights(folder: string, weights: Weights, type: StoredAs): Promise<void> {
  await writeCheckpoint(folder, { type, format: "safetensors", shards: 1, positions: true, shape });
  const tensors = [...weights].map(([name, source]) => ({ name, ...source }));
  await writeFile(join(folder, "model.safetensors"), safetensors(tensors, type));
}
