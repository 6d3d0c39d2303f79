import type { NativeNeed, NativeNeedOn } from "./addon.js";

/** The picture that is counted for: 12 megapixels, as cameras have them. */
export const COUNTED = { width: 4000, height: 3000 };
const PIXEL_BYTES = 3;
/**
 * What the process grows by besides (bench/need.ts): code that is loaded, of which the system keeps no more than it has room
 * for, and JavaScript's own memory.
 */
const PROCESS = 60e6;

/** How a model is run, as far as its memory depends on it. */
export interface Manner {
  readonly sessions: number;
  readonly lowMemory: boolean;
  /** In memory at once. */
  readonly maxPixels: number;
  readonly squares: readonly string[];
}

/**
 * Bytes that a device needs at once. A session keeps what it computes in; with little memory there is either the encoder
 * or the language model.
 */
function onDevice(
  need: NativeNeedOn,
  { sessions, lowMemory }: Pick<Manner, "sessions" | "lowMemory">,
): number {
  const { weights, visual, cache, compute, encoder, encoding } = need;
  return lowMemory
    ? visual + Math.max(encoder + encoding, weights + cache + compute)
    : visual + weights + encoder + sessions * (cache + compute + encoding);
}

/** Of the picture and, where it is padded, of its square. */
function pixelsOf({ projector }: NativeNeed, { maxPixels, squares }: Manner): number {
  const { width, height } = COUNTED;
  const square = squares.includes(projector) ? Math.max(width, height) ** 2 : 0;
  return Math.min(maxPixels, width * height + square);
}

/** Of the machine's memory without which no picture is scored, beyond what the process has already. */
export const leastNeed = (need: NativeNeed, manner: Manner): number =>
  onDevice(need.host, manner) + PIXEL_BYTES * pixelsOf(need, manner);

/** Of the machine's memory, beyond what the process has already. */
export const hostNeed = (need: NativeNeed, manner: Manner): number => leastNeed(need, manner) + PROCESS;

/** Of the GPUs' memory. */
export const gpuNeed = ({ gpu }: NativeNeed, manner: Manner): number => onDevice(gpu, manner);

/**
 * What a model of which only the size of its files is known needs, about: for lists. Its working memory is a few hundred
 * MB, and grows with it.
 */
export const roughNeed = (bytes: number): number => 1.1 * bytes + 300e6;
