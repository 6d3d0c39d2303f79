import type { Size } from "../picture.js";

const FACTORS = [8, 4, 2] as const;

/** What a picture is decoded for. */
export interface Need {
  /** See `ImageOptions`. */
  readonly enough?: number | undefined;
  /** See `ImageOptions`. */
  readonly atOwnSize?: ((size: Size) => boolean) | undefined;
  readonly maxPixels: number;
}

/** An eighth, a quarter, half, or all of a picture: the smallest whose shorter side has so many pixels. */
function smallest({ width, height }: Size, shorter: number): Size {
  const factor = FACTORS.find((divisor) => Math.min(width, height) >= divisor * shorter) ?? 1;
  return { width: Math.ceil(width / factor), height: Math.ceil(height / factor) };
}

/** The size to decode a picture at where its shorter side needs no more than `enough` pixels. */
export function shrunkSize(size: Size, { enough = Infinity, atOwnSize, maxPixels }: Need): Size {
  if (atOwnSize?.(size)) return size;
  const usual = smallest(size, enough);
  return usual.width * usual.height <= maxPixels ? usual : smallest(size, enough / 2);
}
