import { defaultMaxPixels } from "../media/maxPixels.js";
import { expected } from "../util/expected.js";
import { checkTyped, option, type Resolved, resolve, type Typed } from "../options/option.js";
import { scorerSettings } from "../options/scorerOptions.js";
import { sampling, videoSettings } from "../options/videoOptions.js";
import type { RunningScore, StreamFrame } from "../results/result.js";
import { type Pooling, parsePooling } from "../scoring/pooling.js";
import { callback, signal } from "../util/arguments.js";

const emitWarning = (text: string): void => {
  process.emitWarning(text, "TonescoreWarning");
};

const scorerOptions = {
  ...scorerSettings,
  signal: option(signal, {}),
  /** Called with 0 to 1 while the model loads. */
  onLoad: option(callback<(fraction: number) => void>(), {}),
  /**
   * Called with what is done otherwise than one would expect: why a GPU is not used, why the first picture takes long, or
   * why a large picture is looked at as a whole alone. Default: `process.emitWarning`.
   */
  onWarning: option(callback<(text: string) => void>(), { default: emitWarning }),
};

const scoreOptions = { signal: option(signal, {}) };

const videoOptions = {
  ...videoSettings,
  signal: option(signal, {}),
  /**
   * Ends a run in good order: nothing more is begun, what was seen of a stream is pooled and marked as partial, and all
   * else that is under way gives `ERR_ABORTED`.
   */
  stop: option(signal, {}),
  /** Called after each frame with the number scored so far and its time in seconds. */
  onFrame: option(callback<(frames: number, time: number) => void>(), {}),
  /** Called with each frame of a stream as soon as it is scored, once for each preset; scoring waits for it. */
  onStreamFrame: option(callback<(frame: StreamFrame) => void | Promise<void>>(), {}),
  /** Called at the end of each part of so many seconds as `running` says, once for each preset; scoring waits for it. */
  onRunningScore: option(callback<(score: RunningScore) => void | Promise<void>>(), {}),
};

/** Everything that a scorer can be told when it is made. All of it has a default. */
export type ScorerOptions = Typed<typeof scorerOptions>;
export type ScoreOptions = Typed<typeof scoreOptions>;
/** Which frames of a video are scored, and how they become one score. */
export type VideoOptions = Typed<typeof videoOptions>;

/** Checked, and with their defaults. */
export type ResolvedScorerOptions = Resolved<typeof scorerOptions>;
export type ResolvedVideoOptions = Omit<Resolved<typeof videoOptions>, "pooling"> & {
  readonly pooling: Pooling;
};

/** @throws {TonescoreError} `ERR_INVALID_ARGUMENT` */
export function resolveScorerOptions(typed: ScorerOptions): ResolvedScorerOptions {
  checkTyped(scorerOptions, typed);
  const { imageMinTokens = 1, imageMaxTokens = Infinity } = typed;
  if (imageMinTokens > imageMaxTokens) {
    const what = `at most imageMaxTokens (${imageMaxTokens})`;
    throw expected(what, { for: "imageMinTokens", received: imageMinTokens });
  }
  const { isolate = false, maxPixels = defaultMaxPixels(isolate) } = typed;
  return resolve(scorerOptions, { ...typed, maxPixels });
}

/** @throws {TonescoreError} `ERR_INVALID_ARGUMENT` */
export function checkScoreOptions(typed: ScoreOptions): void {
  checkTyped(scoreOptions, typed);
}

/** @throws {TonescoreError} `ERR_INVALID_ARGUMENT` */
export function resolveVideoOptions(typed: VideoOptions): ResolvedVideoOptions {
  checkTyped(videoOptions, typed);
  const given = Object.keys(sampling).filter((name) => typed[name as keyof typeof sampling] !== undefined);
  if (given.length > 1) {
    throw expected(`one of ${Object.keys(sampling).join(", ")}`, {
      but: `received ${given.join(" and ")}`,
      remedy: "Keep the one that you mean.",
    });
  }
  const resolved = resolve(videoOptions, typed);
  return { ...resolved, pooling: parsePooling(resolved.pooling) };
}
