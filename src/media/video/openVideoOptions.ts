import type { Reserve } from "../picture.js";

/** At most one of `fps`, `frames`, `every` and `moments`; without any, one frame per second. */
export interface OpenVideoOptions {
  /** Frames per second: the first frame at or after each of 0, 1/fps, 2/fps, … */
  readonly fps?: number | undefined;
  /** So many frames, those on screen at the middles of equal parts of the clip. Files only, not streams. */
  readonly frames?: number | undefined;
  /** Every k-th frame, beginning with the first. */
  readonly every?: number | undefined;
  /** The first frame at or after each of these times, in seconds. */
  readonly moments?: readonly number[] | undefined;
  /** Stop after so many frames. */
  readonly maxFrames?: number | undefined;
  /** Refuse clips whose frames have more pixels than this. Default: 2^26, 8192 × 8192. */
  readonly maxPixels?: number | undefined;
  /** Asks for the memory of each frame; whoever is given the frame calls its `release`. Default: at once. */
  readonly reserve?: Reserve | undefined;
  /** Path of ffmpeg. Default: `FFMPEG_PATH`, then an npm package that carries one, then `PATH`. */
  readonly ffmpeg?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}
