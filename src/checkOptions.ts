import { TonescoreError } from "./errors.js";
import { gpuNames } from "./native/gpu.js";
import type { ScorerOptions, VideoOptions } from "./options.js";
import { didYouMean } from "./prompts/suggest.js";
import { parseScale } from "./scoring/scale.js";

const known: Record<keyof ScorerOptions, true> = {
  model: true,
  mmproj: true,
  preset: true,
  videoPreset: true,
  alsoPresets: true,
  question: true,
  tones: true,
  temperature: true,
  template: true,
  templateArguments: true,
  threads: true,
  gpu: true,
  maxContext: true,
  imageMinTokens: true,
  imageMaxTokens: true,
  trustThreshold: true,
  scale: true,
  maxPixels: true,
  ffmpeg: true,
  signal: true,
  onLoad: true,
};

const knownForVideos: Record<keyof VideoOptions, true> = {
  signal: true,
  fps: true,
  frames: true,
  every: true,
  pooling: true,
  onFrame: true,
  stop: true,
  onStreamFrame: true,
  running: true,
  onRunningScore: true,
};

const invalid = (message: string): TonescoreError => new TonescoreError("ERR_INVALID_ARGUMENT", message);

type WholeOption = "threads" | "maxContext" | "imageMinTokens" | "imageMaxTokens" | "maxPixels";

function checkWhole(options: ScorerOptions, name: WholeOption, most = 2 ** 31 - 1): void {
  const value = options[name];
  if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= most)) return;
  throw invalid(`Expected a whole number from 1 to ${most} for ${name} but received ${String(value)}.`);
}

function checkNames(options: object, known: object): void {
  const names = Object.keys(known);
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) throw invalid(`There is no option "${name}"${didYouMean(name, names)}.`);
  }
}

/** @throws {TonescoreError} `ERR_INVALID_ARGUMENT` for a misspelled option. */
export function checkVideoOptionNames(options: VideoOptions): void {
  checkNames(options, knownForVideos);
}

/**
 * Catches what the types cannot where they are not used: misspelled options and values out of range.
 * @throws {TonescoreError} `ERR_INVALID_ARGUMENT`
 */
export function checkOptions(options: ScorerOptions): void {
  checkNames(options, known);
  checkWhole(options, "threads", 1024);
  for (const name of ["maxContext", "imageMinTokens", "imageMaxTokens"] as const) checkWhole(options, name);
  checkWhole(options, "maxPixels", Number.MAX_SAFE_INTEGER);
  const { imageMinTokens = 1, imageMaxTokens = Infinity, trustThreshold = 0, gpu = "auto" } = options;
  if (imageMinTokens > imageMaxTokens) {
    throw invalid(`imageMinTokens (${imageMinTokens}) is more than imageMaxTokens (${imageMaxTokens}).`);
  }
  if (!(trustThreshold >= 0 && trustThreshold <= 1)) {
    throw invalid(`Expected a number from 0 to 1 for trustThreshold but received ${trustThreshold}.`);
  }
  if (!gpuNames.includes(gpu)) {
    throw invalid(`Expected one of ${gpuNames.join(", ")} for gpu but received "${gpu}".`);
  }
  if (options.scale !== undefined) parseScale(options.scale);
}
