import { totalmem } from "node:os";
import { expected } from "../util/expected.js";
import { memoryLimit } from "../util/memoryLimit.js";
import type { TonescoreError } from "../errors.js";

/** 8192 × 8192, 201 MB decoded. */
const MOST = 2 ** 26;
const LEAST = 2 ** 20;

/**
 * Bytes that scoring takes with the bundled model (bench/edge/): those of the process itself, with code that it cannot
 * be without; and of each pixel, which is held as it was decoded, and twice more by libmtmd.
 */
const TOGETHER = { base: 90e6, pixel: 9 };
/** With the model in a process of its own, which gets a copy. */
const ISOLATED = { base: 115e6, pixel: 13 };

/** How many pixels fit into memory of so many bytes. */
export function pixelsWithin(memory: number, isolate: boolean): number {
  const { base, pixel } = isolate ? ISOLATED : TOGETHER;
  return Math.min(MOST, Math.max(LEAST, Math.floor((memory - base) / pixel)));
}

/** Pixels of pictures and frames in memory at once, unless the user says otherwise: fewer where memory is short. */
export const defaultMaxPixels = (isolate: boolean): number =>
  pixelsWithin(memoryLimit() ?? totalmem(), isolate);

export const MAX_PIXELS = defaultMaxPixels(false);

/** @param but what has more, such as `"a.jpg" is 30000×20000 (600000000)`. @param each such as ` a frame`. */
export const tooManyPixels = (maxPixels: number, but: string, each = ""): TonescoreError =>
  expected(`at most ${maxPixels} pixels${each}`, {
    code: "ERR_IMAGE_TOO_LARGE",
    but,
    remedy: "Scale it down, or raise the limit with --max-pixels (library: maxPixels).",
  });
