import { mostCrops } from "../media/image/crops.js";
import { tooManyPixels } from "../media/maxPixels.js";
import type { Size } from "../media/picture.js";
import type { Views } from "../scoring/views.js";
import type { PreparedPreset } from "./preparedPreset.js";

type Presets = readonly Pick<PreparedPreset, "preset">[];

const isPadded = ({ width, height }: Size, presets: Presets): boolean =>
  width !== height && presets.some(({ preset }) => preset.picture.squarePad);

/** A picture's own and, where a preset pads it, those of the square. */
function pixelsOf(size: Size, presets: Presets): number {
  const { width, height } = size;
  return width * height + (isPadded(size, presets) ? Math.max(width, height) ** 2 : 0);
}

/**
 * The pixels that are held to score a picture of this size as a whole.
 * @throws {TonescoreError} `ERR_IMAGE_TOO_LARGE` where they can never be had.
 */
export function pixelsHeld(size: Size, presets: Presets, maxPixels: number): number {
  const pixels = pixelsOf(size, presets);
  if (pixels <= maxPixels) return pixels;
  const square = isPadded(size, presets)
    ? ` and is padded to a square by its preset, ${pixels} together`
    : "";
  throw tooManyPixels(maxPixels, `the picture has ${size.width} × ${size.height}${square}`);
}

/** The pixels that are held to score a picture of this size with its crops. */
export function pixelsHeldWithCrops(size: Size, presets: Presets, views: Views): number {
  const crop = { width: Math.min(size.width, views.side), height: Math.min(size.height, views.side) };
  return pixelsOf(size, presets) + mostCrops(size, views) * pixelsOf(crop, presets);
}
