import { mostCrops } from "../media/image/crops.js";
import { pixelsOfSquare } from "../media/image/square.js";
import { tooManyPixels } from "../media/maxPixels.js";
import type { Size } from "../media/picture.js";
import type { Views } from "../scoring/views.js";
import type { PreparedPreset } from "./preparedPreset.js";

type Presets = readonly Pick<PreparedPreset, "squaring">[];

/** Of the largest square that a preset makes of a picture; one is there at a time. */
const pixelsOfSquares = (size: Size, presets: Presets): number =>
  Math.max(0, ...presets.map(({ squaring }) => pixelsOfSquare(size, squaring)));

/** A picture's own and, where a preset makes a square of it, those of the square. */
const pixelsOf = (size: Size, presets: Presets): number =>
  size.width * size.height + pixelsOfSquares(size, presets);

/**
 * The pixels that are held to score a picture of this size as a whole.
 * @throws {TonescoreError} `ERR_IMAGE_TOO_LARGE` where they can never be had.
 */
export function pixelsHeld(size: Size, presets: Presets, maxPixels: number): number {
  const pixels = pixelsOf(size, presets);
  if (pixels <= maxPixels) return pixels;
  const square = pixelsOfSquares(size, presets) > 0 ? ` and is made a square, ${pixels} together` : "";
  throw tooManyPixels(maxPixels, `the picture has ${size.width} × ${size.height}${square}`);
}

/** The pixels that are held to score a picture of this size with its crops. */
export function pixelsHeldWithCrops(size: Size, presets: Presets, views: Views): number {
  const crop = { width: Math.min(size.width, views.side), height: Math.min(size.height, views.side) };
  return pixelsOf(size, presets) + mostCrops(size, views) * pixelsOf(crop, presets);
}
