import { checkArgument, type Kind, number, whole } from "../../util/arguments.js";
import { expected } from "../../util/expected.js";
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

const rate = number("a number above 0 and up to 1000", (value) => value > 0 && value <= 1000);
const counted = whole(1, Number.MAX_SAFE_INTEGER);
const listed = whole(1, MOST_FRAMES);

export function checkVideoOptions({ fps, frames, every, moments, maxFrames, maxPixels }: VideoOptions): void {
  const given = Object.entries({ fps, frames, every, moments }).filter(([, value]) => value !== undefined);
  if (given.length > 1) {
    throw expected("one of fps, frames, every and moments", {
      but: `received ${given.map(([name]) => name).join(" and ")}`,
      remedy: "Keep the one that you mean.",
    });
  }
  const check = (name: string, value: unknown, kind: Kind): void => {
    if (value !== undefined) checkArgument(name, value, kind);
  };
  check("fps", fps, rate);
  check("frames", frames, listed);
  check("every", every, counted);
  check("the number of moments", moments?.length, listed);
  check("maxFrames", maxFrames, counted);
  check("maxPixels", maxPixels, counted);
}
