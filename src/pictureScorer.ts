import { stat } from "node:fs/promises";
import { TonescoreError } from "./errors.js";
import { groupBy } from "./groupBy.js";
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

/** What one preset said, and the picture that its model was shown. */
export interface Judgement {
  readonly shown: Picture;
  readonly score: Score;
}

/** Applies each preset's treatment, asks the model, and scores what it said. One encoding serves all that agree. */
export async function scorePicture(
  lanes: Lanes,
  presets: readonly PreparedPreset[],
  picture: Picture,
  options: { readonly trustThreshold?: number | undefined; readonly signal?: AbortSignal | undefined },
): Promise<Judgement[]> {
  const judgements = new Map<PreparedPreset, Judgement>();
  for (const alike of groupBy(presets, ({ preset }) => JSON.stringify(preset.picture))) {
    const { squarePad } = alike[0].preset.picture;
    const shown = squarePad ? padToSquare(picture, squarePad) : picture;
    const readings = await lanes.read(shown, alike, options.signal);
    for (const [preset, reading] of readings) {
      judgements.set(preset, { shown, score: scoreLogits(preset.preset, reading, options.trustThreshold) });
    }
  }
  return presets.flatMap((preset) => judgements.get(preset) ?? []);
}

/** Scores single pictures. */
export class PictureScorer {
  constructor(
    readonly options: ScorerOptions,
    readonly decode: typeof decodeImage,
  ) {}

  /** A result for each preset. */
  async score(
    source: ImageSource,
    presets: readonly PreparedPreset[],
    lanes: Lanes,
    signal?: AbortSignal,
  ): Promise<ImageResult[]> {
    const { maxPixels, ffmpeg, trustThreshold, scale } = this.options;
    const picture = isPixels(source)
      ? checkPixels(source)
      : await this.decode(source, { maxPixels, ffmpeg, signal });
    const judgements = await scorePicture(lanes, presets, picture, { trustThreshold, signal });
    const info = await infoOf(source);
    return judgements.map(({ shown, score }) => imageResult(info, shown, score, parseScale(scale ?? "unit")));
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
