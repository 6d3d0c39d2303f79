import { expected } from "../util/expected.js";
import type { TonescoreError } from "../errors.js";

/** Pixels of pictures and frames in memory at once, unless the user says otherwise: 8192 × 8192, 201 MB decoded. */
export const MAX_PIXELS = 2 ** 26;

/** @param but what has more, such as `"a.jpg" is 30000×20000 (600000000)`. @param each such as ` a frame`. */
export const tooManyPixels = (maxPixels: number, but: string, each = ""): TonescoreError =>
  expected(`at most ${maxPixels} pixels${each}`, {
    code: "ERR_IMAGE_TOO_LARGE",
    but,
    remedy: "Scale it down, or raise the limit with --max-pixels (library: maxPixels).",
  });
