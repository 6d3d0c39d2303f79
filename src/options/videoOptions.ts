import { DEFAULT_POOLING, poolingForms, type PoolingText, poolingText } from "../scoring/pooling.js";
import { kind, number, text, whole } from "../util/arguments.js";
import { option, type Resolved } from "./option.js";

/** Each of the frames is a term of the expression that ffmpeg gets on its command line, which has a limit. */
export const MOST_FRAMES = 500;

/** Which frames of a video are scored; at most one of these. */
export const sampling = {
  /** Frames a second. Default 1. */
  fps: option(
    number("a number above 0 and up to 1000", (value) => value > 0 && value <= 1000),
    {
      flag: {
        spelling: "--fps <number>",
        help: "frames to score a second",
        otherwise: "1",
        conflicts: ["frames", "every"],
      },
    },
  ),
  /** So many frames, at the middle of as many equal parts. */
  frames: option(whole(1, MOST_FRAMES), {
    flag: {
      spelling: "--frames <count>",
      help: "score so many frames, spread evenly",
      conflicts: ["fps", "every"],
    },
  }),
  /** Every so many-th frame. */
  every: option(whole(1, Number.MAX_SAFE_INTEGER), {
    flag: { spelling: "--every <k>", help: "score every k-th frame", conflicts: ["fps", "frames"] },
  }),
};

/** `logits` (default), `mean`, `harmonic`, `percentile:10`, `recency` or `hysteresis`. */
export const pooling = option(kind<PoolingText>(text.expected, text.fits), {
  default: poolingText(DEFAULT_POOLING),
  recorded: true,
  flag: { spelling: "--pooling <rule>", help: `how frames become one score: ${poolingForms.join(", ")}` },
});

/**
 * For streams without end: a score for each part of so many seconds, above 0. Frames are then let go with their part, so
 * that memory stays bounded; the stream's own score is still that of all of them.
 */
export const running = option(
  number("a number of seconds above 0", (value) => value > 0),
  {
    flag: {
      spelling: "--running <seconds>",
      help: "for a feed without end: a score for each so many seconds (ndjson, table)",
    },
  },
);

export const videoSettings = { ...sampling, pooling, running };

/** Such as `fps 1`, `frames 8` or `every 25`. */
export function samplingText({ fps = 1, frames, every }: Partial<Resolved<typeof sampling>>): string {
  if (frames !== undefined) return `frames ${frames}`;
  return every === undefined ? `fps ${fps}` : `every ${every}`;
}
