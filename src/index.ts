/**
 * How good does a picture or a video look, as a number: a vision-language model's raw logits for answer words, read
 * inside Node.
 * @packageDocumentation
 */
import "./util/requireNode.js";

export { TonescoreError, type ErrorCode } from "./errors.js";
export type { Estimate } from "./stats/bootstrap.js";
export type { Bootstrap } from "./stats/resampling.js";
export { readCalibration } from "./evaluate/calibration/calibration.js";
export type { Calibration } from "./evaluate/calibration/document.js";
export { calibrateResult } from "./evaluate/calibration/calibrateResult.js";
export { krcc, plcc, srcc } from "./stats/correlation.js";
export { type Curve, curveValue, fitCurves } from "./stats/curves.js";
export {
  type Dataset,
  type DatasetOptions,
  type DatasetRow,
  loadDataset,
} from "./evaluate/datasets/loadDataset.js";
export { evaluate, type System } from "./evaluate/evaluate.js";
export { rescore, type ScoredPath } from "./evaluate/rescore.js";
export { readLogits, type StoredLogits } from "./evaluate/storedLogits.js";
export * from "./results/evaluation.js";
export type { ImageSource } from "./media/inputs/imageSource.js";
export type { InputLike } from "./media/inputs/inputLike.js";
export type { Input } from "./media/inputs/input.js";
export type { LeftOutKind } from "./media/inputs/extensions.js";
export { findInputs } from "./media/inputs/findInputs.js";
export type { FindOptions } from "./media/inputs/mediaAmong.js";
export type { RgbImage } from "./media/picture.js";
export { bundledModel } from "./models/bundled.js";
export type { ModelFiles } from "./models/resolve.js";
export type { Gpu } from "./native/gpuNames.js";
export type { ScoreOptions, ScorerOptions, VideoOptions } from "./scorer/options.js";
export type { PresetPair } from "./prompts/choosePresets.js";
export { loadPreset, type PresetChoice } from "./prompts/loadPreset.js";
export { parsePreset } from "./prompts/parsePreset.js";
export type { Preset, PresetInput } from "./prompts/preset.js";
export { type PresetName, presets } from "./prompts/presets.js";
export { PICTURE_MARK } from "./prompts/prompt.js";
export * from "./results/result.js";
export { createScorer } from "./scorer/createScorer.js";
export type { Scorer } from "./scorer/scorer.js";
export { type Pooling, type PoolingText, parsePooling } from "./scoring/pooling.js";
export { scoreLogits, type LogitReading, type Score, type ToneProbability } from "./scoring/score.js";
export { poolFrames, type FrameScore, type VideoScore } from "./scoring/video.js";
