/**
 * How good does a picture or a video look, as a number: a vision-language model's raw logits for answer words, read
 * inside Node.
 * @packageDocumentation
 */
import "./requireNode.js";

export { TonescoreError, type ErrorCode } from "./errors.js";
export { type Bootstrap } from "./evaluate/bootstrap.js";
export { type Calibration, readCalibration } from "./evaluate/calibration.js";
export { calibrateResult } from "./evaluate/calibrateResult.js";
export { krcc, plcc, srcc } from "./evaluate/correlation.js";
export { curveValue, fitCurves } from "./evaluate/curves.js";
export { type Dataset, type DatasetOptions, type DatasetRow, loadDataset } from "./evaluate/dataset.js";
export { evaluate, type System } from "./evaluate/evaluate.js";
export { type PresetPair, rescore, type ScoredPath } from "./evaluate/rescore.js";
export { readLogits, type StoredLogits } from "./evaluate/storedLogits.js";
export * from "./evaluate/report.js";
export type { ImageSource } from "./imageSource.js";
export type { InputLike } from "./inputLike.js";
export type { Input } from "./media/input.js";
export type { LeftOutKind } from "./media/extensions.js";
export { type FindOptions, findInputs } from "./media/inputs.js";
export type { RgbImage } from "./media/picture.js";
export { bundledModel, type ModelFiles } from "./models/resolve.js";
export type { Gpu } from "./native/gpu.js";
export type { ScoreOptions, ScorerOptions, VideoOptions } from "./options.js";
export { loadPreset, type PresetChoice } from "./prompts/loadPreset.js";
export { parsePreset, type Preset, type PresetInput } from "./prompts/preset.js";
export { type PresetName, presets } from "./prompts/presets.js";
export { PICTURE_MARK } from "./prompts/prompt.js";
export * from "./result.js";
export { createScorer } from "./createScorer.js";
export type { Scorer } from "./scorer.js";
export { type Pooling, type PoolingText, parsePooling } from "./scoring/pooling.js";
export { scoreLogits, type LogitReading, type Score } from "./scoring/score.js";
export { poolFrames, type FrameScore, type VideoScore } from "./scoring/video.js";
