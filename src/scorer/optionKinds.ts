import {
  callback,
  checkOptions,
  either,
  type Kind,
  listOf,
  number,
  oneOf,
  path,
  record,
  signal,
  text,
  whole,
} from "../util/arguments.js";
import { TonescoreError } from "../errors.js";
import { gpuNames } from "../native/gpu.js";
import type { ScorerOptions, ScoreOptions, VideoOptions } from "./options.js";
import { parsePooling } from "../scoring/pooling.js";
import { scaleNames } from "../scoring/scale.js";

/** Counts are 32-bit integers to llama.cpp. */
const MOST = 2 ** 31 - 1;

const preset = either(path, record);
const seconds = number("a number of seconds above 0", (value) => value > 0);

const scorerKinds: Record<keyof ScorerOptions, Kind> = {
  model: path,
  mmproj: path,
  preset,
  videoPreset: preset,
  alsoPresets: listOf(preset),
  question: text,
  tones: text,
  temperature: number("a number above 0", (value) => value > 0),
  template: text,
  templateArguments: record,
  threads: whole(1, 1024),
  gpu: oneOf(gpuNames),
  maxContext: whole(1, MOST),
  imageMinTokens: whole(1, MOST),
  imageMaxTokens: whole(1, MOST),
  trustThreshold: number("a number from 0 to 1", (value) => value >= 0 && value <= 1),
  scale: oneOf(scaleNames),
  maxPixels: whole(1, Number.MAX_SAFE_INTEGER),
  ffmpeg: path,
  signal,
  onLoad: callback,
};

const scoreKinds: Record<keyof ScoreOptions, Kind> = { signal };

const videoKinds: Record<keyof VideoOptions, Kind> = {
  signal,
  fps: number("a number above 0 and up to 1000", (value) => value > 0 && value <= 1000),
  frames: whole(1, 500),
  every: whole(1, Number.MAX_SAFE_INTEGER),
  pooling: text,
  onFrame: callback,
  stop: signal,
  onStreamFrame: callback,
  running: seconds,
  onRunningScore: callback,
};

/** @throws {TonescoreError} `ERR_INVALID_ARGUMENT` */
export function checkScorerOptions(options: ScorerOptions): void {
  checkOptions(options, scorerKinds);
  const { imageMinTokens = 1, imageMaxTokens = Infinity } = options;
  if (imageMinTokens <= imageMaxTokens) return;
  throw new TonescoreError(
    "ERR_INVALID_ARGUMENT",
    `imageMinTokens (${imageMinTokens}) is more than imageMaxTokens (${imageMaxTokens}).`,
  );
}

/** @throws {TonescoreError} `ERR_INVALID_ARGUMENT` */
export function checkScoreOptions(options: ScoreOptions): void {
  checkOptions(options, scoreKinds);
}

/** @throws {TonescoreError} `ERR_INVALID_ARGUMENT` */
export function checkVideoOptions(options: VideoOptions): void {
  checkOptions(options, videoKinds);
  if (options.pooling !== undefined) parsePooling(options.pooling);
}
