import type { CheckpointFolder } from "../checkpoint/folder.js";
import { Settings } from "../checkpoint/settings.js";
import type { Metadata } from "../gguf/metadata.js";
import { isRecord } from "../../util/isRecord.js";
import { fileTypes } from "./general.js";

/** A picture encoder's sizes. */
export interface Encoder {
  readonly layers: number;
  readonly width: number;
  readonly inner: number;
  readonly heads: number;
  /** Pixels a side. */
  readonly patch: number;
  /** Patches that become one token. */
  readonly merged: number;
  /** Width of a token of the language model. */
  readonly output: number;
}

const MOST_LAYERS = 512;
const MOST_MERGED = 16;
const MOST_PATCH = 256;

/** Qwen's, by its own names. @throws {TonescoreError} `ERR_MODEL_INVALID` */
export function readEncoder(vision: Settings, output: number): Encoder {
  const side = vision.size("spatial_merge_size", 2, MOST_MERGED);
  for (const key of ["in_channels", "in_chans"]) if (vision.whole(key, 3) !== 3) vision.refuse(key, "3");
  if (vision.whole("temporal_patch_size", 2) !== 2) vision.refuse("temporal_patch_size", "2");
  if (vision.whole("out_hidden_size", output) !== output) vision.refuse("out_hidden_size", String(output));
  return {
    layers: vision.size("depth", undefined, MOST_LAYERS),
    width: vision.size("hidden_size"),
    inner: vision.size("intermediate_size"),
    heads: vision.size("num_heads", 16),
    patch: vision.size("patch_size", undefined, MOST_PATCH),
    merged: side * side,
    output,
  };
}

/** How pixels become numbers. */
export interface Pictures {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** What a checkpoint says of its pictures, in either of the places where it is said. */
export async function readPictures(folder: CheckpointFolder, known?: Pictures): Promise<Pictures> {
  const processor = (await folder.json("processor_config.json")) ?? {};
  const inner = isRecord(processor.image_processor) ? processor.image_processor : processor;
  const settings = new Settings(
    { ...(await folder.json("preprocessor_config.json")), ...inner },
    `${folder.path}/preprocessor_config.json`,
  );
  return {
    mean: settings.numbers("image_mean", 3, known?.mean),
    deviation: settings.numbers("image_std", 3, known?.deviation),
  };
}

/** What libmtmd asks of any picture encoder. */
export function encoderMetadata(
  metadata: Metadata,
  encoder: Encoder,
  { mean, deviation }: Pictures,
): Metadata {
  return metadata
    .whole("general.file_type", fileTypes.F16)
    .flag("clip.has_vision_encoder", true)
    .whole("clip.vision.projection_dim", encoder.output)
    .whole("clip.vision.patch_size", encoder.patch)
    .whole("clip.vision.embedding_length", encoder.width)
    .whole("clip.vision.feed_forward_length", encoder.inner)
    .whole("clip.vision.block_count", encoder.layers)
    .whole("clip.vision.attention.head_count", encoder.heads)
    .numbers("clip.vision.image_mean", mean)
    .numbers("clip.vision.image_std", deviation);
}
