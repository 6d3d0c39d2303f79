import { availableParallelism } from "node:os";
import { expected } from "../../util/expected.js";
import { tooManyPixels } from "../maxPixels.js";
import type { Size } from "../picture.js";

/** Pixels that are wider or higher than this many times are no camera's, and would make frames of nothing. */
const MAX_PIXEL_ASPECT = 16;

/** Codecs work on whole blocks, which may go beyond the picture's edges. */
const BLOCKS = 2 ** 22;

/** What decoders may hold of pictures side by side, one to a thread. */
const PIXELS_IN_THREADS = 2 ** 26;

/** No picture's samples take more bytes. */
const BYTES_PER_PIXEL = 8;

/** What the index of a long film takes at once. */
const INDEX = 2 ** 28;

const MAX_INT = 2 ** 31 - 1;

/** Arguments before an input that keep ffmpeg from allocating for larger pictures than these. */
export const limitArguments = (maxPixels: number): string[] => [
  ...["-max_alloc", String(Math.min(MAX_INT, INDEX + BYTES_PER_PIXEL * maxPixels))],
  ...["-max_pixels", String(Math.min(MAX_INT, maxPixels + BLOCKS))],
];

/** Each thread of a decoder holds a picture of its own. */
export const threadArguments = ({ width, height }: Size): string[] => [
  "-threads",
  String(Math.max(1, Math.min(availableParallelism(), 16, Math.floor(PIXELS_IN_THREADS / (width * height))))),
];

/** @throws {TonescoreError} `ERR_IMAGE_TOO_LARGE` */
export function checkFrame({ width, height }: Size, maxPixels: number, name: string): void {
  if (width * height <= maxPixels) return;
  throw tooManyPixels(maxPixels, `${name} has frames of ${width}×${height} (${width * height})`, " a frame");
}

/**
 * The size of a frame when its pixels are square: one side is stretched, and none ever shrunk.
 * @throws {TonescoreError} `ERR_IMAGE_TOO_LARGE`
 */
export function squareSize(
  { width, height, pixelAspect }: Size & { readonly pixelAspect: number },
  name: string,
): Size {
  const stretch = Math.max(pixelAspect, 1 / pixelAspect);
  if (stretch > MAX_PIXEL_ASPECT) {
    throw expected(`pixels of at most ${MAX_PIXEL_ASPECT}:1`, {
      code: "ERR_IMAGE_TOO_LARGE",
      but: `those of ${name} are ${Math.round(stretch)} times as long as broad`,
      remedy: "Convert it with the filter setsar=1 of ffmpeg.",
    });
  }
  return {
    width: Math.round(width * Math.max(1, pixelAspect)),
    height: Math.round(height / Math.min(1, pixelAspect)),
  };
}
