import type { Size } from "../picture.js";
const FACTORS = [8, 4, 2] as const;

/**
 * The size to decode a picture at where its shorter side needs no more than `enough` pixels: an eighth, a quarter,
 * half, or all of it.
 */
export function shrunkSize({ width, height }: Size, enough: number | undefined): Size {
  const factor = FACTORS.find((divisor) => Math.min(width, height) >= divisor * (enough ?? Infinity)) ?? 1;
  return { width: Math.ceil(width / factor), height: Math.ceil(height / factor) };
}
