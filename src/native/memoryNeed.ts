import type { NativeNeed, NativeNeedOn } from "./addon.js";

/** The largest picture that is counted for: 12 megapixels, as cameras have them. */
export const COUNTED = { width: 4000, height: 3000 };
const PIXEL_BYTES = 3;
/** What this process grows by besides: code that is loaded, and JavaScript's own memory (bench/need.ts). */
const REST = 46e6;

/** How a model is run, as far as its memory depends on it. */
export interface Manner {
  readonly sessions: number;
  readonly lowMemory: boolean;
}

/**
 * Bytes that a device needs at once. A session keeps what it computes in; with little memory there is either the encoder
 * or the language model.
 */
function onDevice(need: NativeNeedOn, { sessions, lowMemory }: Manner): number {
  const { weights, visual, cache, compute, encoder, encoding } = need;
  return lowMemory
    ? visual + Math.max(encoder + encoding, weights + cache + compute)
    : visual + weights + encoder + sessions * (cache + compute + encoding);
}

/** Of the machine's memory, beyond what the process has already: the picture in pixels among it. */
export const hostNeed = ({ host }: NativeNeed, manner: Manner): number =>
  onDevice(host, manner) + COUNTED.width * COUNTED.height * PIXEL_BYTES + REST;

/** Of the GPUs' memory. */
export const gpuNeed = ({ gpu }: NativeNeed, manner: Manner): number => onDevice(gpu, manner);

/**
 * What a model of which only the size of its files is known needs, about: for lists. Its working memory is a few hundred
 * MB, and grows with it.
 */
export const roughNeed = (bytes: number): number => 1.1 * bytes + 300e6;
