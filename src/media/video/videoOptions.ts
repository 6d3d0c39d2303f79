import { TonescoreError } from "../../errors.js";
import type { Reserve } from "../picture.js";

/** At most one of `fps`, `frames`, `every` and `moments`; without any, one frame per second. */
export interface VideoOptions {
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

/** Each uniform frame is a term of the expression that ffmpeg gets on its command line, which has a limit. */
const MOST_FRAMES = 500;

const invalid = (message: string): TonescoreError => new TonescoreError("ERR_INVALID_ARGUMENT", message);

function checkWhole(name: string, value: number | undefined, most = Number.MAX_SAFE_INTEGER): void {
  if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= most)) return;
  const range = most === Number.MAX_SAFE_INTEGER ? "of at least 1" : `from 1 to ${most}`;
  throw invalid(`Expected a whole number ${range} for ${name}, but received ${String(value)}.`);
}

export function checkVideoOptions({ fps, frames, every, moments, maxFrames, maxPixels }: VideoOptions): void {
  const given = Object.entries({ fps, frames, every, moments }).filter(([, value]) => value !== undefined);
  if (given.length > 1) {
    const names = given.map(([name]) => name).join(" and ");
    throw invalid(
      `Expected one of fps, frames, every and moments, but received ${names}. Keep the one that you mean.`,
    );
  }
  if (fps !== undefined && !(typeof fps === "number" && fps > 0 && fps <= 1000)) {
    throw invalid(`Expected a number above 0 and up to 1000 for fps, but received ${String(fps)}.`);
  }
  checkWhole("frames", frames, MOST_FRAMES);
  checkWhole("every", every);
  checkWhole("the number of moments", moments?.length, MOST_FRAMES);
  checkWhole("maxFrames", maxFrames);
  checkWhole("maxPixels", maxPixels);
}
