import type { Gpu } from "../native/gpu.js";
import type { PresetChoice } from "../prompts/loadPreset.js";
import type { PoolingText } from "../scoring/pooling.js";
import type { Scale } from "../scoring/scale.js";
import type { RunningScore, StreamFrame } from "../results/result.js";

/** Everything that a scorer can be told when it is made. All of it has a default. */
export interface ScorerOptions {
  /** A GGUF file or a folder with one; the bundled model where absent. */
  readonly model?: string;
  /** The picture encoder's GGUF; looked for beside the model where absent. */
  readonly mmproj?: string;
  /** For pictures: a built-in name, a JSON file or a preset itself. Default `qboost`. */
  readonly preset?: PresetChoice;
  /** For videos. Default `qboost-ensemble`, or `preset` where that is given. */
  readonly videoPreset?: PresetChoice;
  /** Further presets, for `scoreAllByPreset`: all of them share the encoding of a picture. */
  readonly alsoPresets?: readonly PresetChoice[];
  /** A question of your own, asked instead of the preset's. */
  readonly question?: string;
  /** Answer words of your own, such as `good,high=1; average=0.5; poor=0`. */
  readonly tones?: string;
  /** Divides the logits before the softmax, instead of the preset's; above 0. */
  readonly temperature?: number;
  /** Named chat template, jinja source or a jinja file, for models that carry none. */
  readonly template?: string;
  readonly templateArguments?: Readonly<Record<string, unknown>>;
  /** CPU threads in all. Default: as many as the process may run at once. */
  readonly threads?: number;
  /** Default `auto`. */
  readonly gpu?: Gpu;
  /** Tokens; caps the context below what the model was trained for. */
  readonly maxContext?: number;
  /** Tokens a picture, for models of dynamic resolution. */
  readonly imageMinTokens?: number;
  readonly imageMaxTokens?: number;
  /** The answer mass below which a result is not trusted, 0 to 1. Default 0.5. */
  readonly trustThreshold?: number;
  /** `unit` (0 to 1, the default), `percent` (0 to 100) or `mos` (1 to 5). */
  readonly scale?: Scale;
  /**
   * Pixels in memory at once, of all pictures and video frames together: what has more by itself is refused, and the
   * others wait for room. Default 67,108,864 (8192 × 8192), for machines with 1 GB.
   */
  readonly maxPixels?: number;
  /** The ffmpeg program; looked for where absent. */
  readonly ffmpeg?: string;
  readonly signal?: AbortSignal;
  /** Called with 0 to 1 while the model loads. */
  readonly onLoad?: (fraction: number) => void;
}

export interface ScoreOptions {
  readonly signal?: AbortSignal;
}

/** Which frames of a video are scored; at most one of `fps`, `frames` and `every`. */
export interface VideoOptions extends ScoreOptions {
  /** Frames a second. Default 1. */
  readonly fps?: number;
  /** So many frames, at the middle of as many equal parts. */
  readonly frames?: number;
  /** Every so many-th frame. */
  readonly every?: number;
  /** `logits` (default), `mean`, `harmonic`, `percentile:10`, `recency` or `hysteresis`. */
  readonly pooling?: PoolingText;
  /** Called after each frame with the number scored so far and its time in seconds. */
  readonly onFrame?: (frames: number, time: number) => void;
  /**
   * Ends a run in good order: nothing more is begun, what was seen of a stream is pooled and marked as partial, and all
   * else that is under way gives `ERR_ABORTED`.
   */
  readonly stop?: AbortSignal;
  /** Called with each frame of a stream as soon as it is scored, once for each preset; scoring waits for it. */
  readonly onStreamFrame?: (frame: StreamFrame) => void | Promise<void>;
  /**
   * For streams without end: `onRunningScore` is called for each part of so many seconds, above 0. Frames are then let
   * go with their part, so that memory stays bounded; the stream's own score is still that of all of them.
   */
  readonly running?: number;
  /** Called at the end of each part, once for each preset; scoring waits for it. */
  readonly onRunningScore?: (score: RunningScore) => void | Promise<void>;
}
