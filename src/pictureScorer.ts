import { stat } from "node:fs/promises";
import { TonescoreError } from "./errors.js";
import type { Lanes } from "./lanes.js";
import type { decodeImage } from "./media/image.js";
import type { Picture, RgbImage } from "./media/picture.js";
import { padToSquare } from "./media/square-pad.js";
import type { ScorerOptions } from "./options.js";
import type { PreparedPreset } from "./prepared.js";
import type { ImageResult, InputInfo } from "./result.js";
import { imageResult } from "./results.js";
import { parseScale } from "./scoring/scale.js";
import { scoreLogits, type Score } from "./scoring/score.js";

/** A path, the bytes of a picture file, or pixels. */
export type ImageSource = string | Uint8Array | RgbImage;

/** Applies the preset's treatment, asks the model, and scores what it said. */
export async function scorePicture(
  lanes: Lanes,
  preset: PreparedPreset,
  picture: Picture,
  options: { readonly trustThreshold?: number | undefined; readonly signal?: AbortSignal | undefined },
): Promise<{ shown: Picture; score: Score }> {
  const { squarePad } = preset.preset.picture;
  const shown = squarePad ? padToSquare(picture, squarePad) : picture;
  const reading = await lanes.read(shown, preset, options.signal);
  return { shown, score: scoreLogits(preset.preset, reading, options.trustThreshold) };
}

/** Scores single pictures. */
export class PictureScorer {
  constructor(
    readonly preset: PreparedPreset,
    readonly options: ScorerOptions,
    readonly decode: typeof decodeImage,
  ) {}

  async score(source: ImageSource, lanes: Lanes, signal?: AbortSignal): Promise<ImageResult> {
    const { maxPixels, ffmpeg, trustThreshold, scale } = this.options;
    const picture = isPixels(source)
      ? checkPixels(source)
      : await this.decode(source, { maxPixels, ffmpeg, signal });
    const { shown, score } = await scorePicture(lanes, this.preset, picture, {
      trustThreshold,
      signal,
    });
    return imageResult(await infoOf(source), shown, score, parseScale(scale ?? "unit"));
  }
}

const isPixels = (source: ImageSource): source is RgbImage =>
  typeof source !== "string" && !(source instanceof Uint8Array);

async function infoOf(source: ImageSource): Promise<InputInfo> {
  if (typeof source !== "string") return {};
  const { size, mtimeMs } = await stat(source);
  return { path: source, size, mtimeMs };
}

/** Sources come from programs without types too. */
function checkPixels(source: RgbImage): Picture {
  const { width = NaN, height = NaN, data } = Object(source) as Partial<RgbImage>;
  const whole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (whole && data instanceof Uint8Array && data.length === width * height * 3) {
    return { width, height, data, treatment: [] };
  }
  const received =
    data instanceof Uint8Array
      ? `${width}×${height} pixels in ${data.length} bytes`
      : Object.prototype.toString.call(source);
  throw new TonescoreError(
    "ERR_INVALID_ARGUMENT",
    `Expected a path, a picture file's bytes, or RGB pixels of width × height × 3 bytes, but received ${received}.`,
  );
}
