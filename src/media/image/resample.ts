import type { RgbImage, Size } from "../picture.js";
import type { Place } from "./crops.js";

/** Bits of a weight after the point. */
const PRECISION = 22;

/** Which samples become one, and with which weights. */
interface Taps {
  readonly first: number;
  readonly weights: Int32Array;
}

/** Keys' bicubic kernel, which reaches 2 samples to each side, with a = -0.5. */
function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

/** Of some samples of a length of `to` that one of `from` becomes. */
function tapsOf(from: number, to: number, start: number, count: number): Taps[] {
  const scale = from / to;
  const wide = Math.max(scale, 1);
  return Array.from({ length: count }, (_, index) => {
    const centre = (start + index + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - 2 * wide + 0.5));
    const end = Math.min(from, Math.trunc(centre + 2 * wide + 0.5));
    const raw = Array.from({ length: end - first }, (_, i) => cubic((first + i - centre + 0.5) * (1 / wide)));
    const sum = raw.reduce((total, weight) => total + weight, 0);
    return { first, weights: Int32Array.from(raw, (weight) => fixed(weight / sum)) };
  });
}

/** Rounded, halves away from 0. */
const fixed = (weight: number): number => Math.trunc(weight * 2 ** PRECISION + (weight < 0 ? -0.5 : 0.5));

/** One sample out of every `stride`th byte, from `at` on. */
function weigh(data: Uint8Array, at: number, stride: number, weights: Int32Array): number {
  let sum = 1 << (PRECISION - 1);
  for (let i = 0; i < weights.length; i++) sum += (data[at + i * stride] ?? 0) * (weights[i] ?? 0);
  return Math.min(255, Math.max(0, sum >> PRECISION));
}

/**
 * A part of what a picture is at another size, as Pillow resizes it, to the bit: bicubic, widened to the scale where it
 * becomes smaller, rows first, in whole numbers.
 */
export function resample({ width, height, data }: RgbImage, size: Size, part: Place): RgbImage {
  const across = tapsOf(width, size.width, part.left, part.width);
  const down = tapsOf(height, size.height, part.top, part.height);
  const top = down[0]?.first ?? 0;
  const end = Math.max(...down.map(({ first, weights }) => first + weights.length));
  const stride = 3 * part.width;
  const rows = new Uint8Array((end - top) * stride);
  for (let y = top; y < end; y++) {
    for (const [x, { first, weights }] of across.entries()) {
      const at = 3 * (y * width + first);
      const to = (y - top) * stride + 3 * x;
      for (let c = 0; c < 3; c++) rows[to + c] = weigh(data, at + c, 3, weights);
    }
  }
  const resized = new Uint8Array(part.height * stride);
  for (const [y, { first, weights }] of down.entries()) {
    for (let i = 0; i < stride; i++) {
      resized[y * stride + i] = weigh(rows, (first - top) * stride + i, stride, weights);
    }
  }
  return { width: part.width, height: part.height, data: resized };
}
