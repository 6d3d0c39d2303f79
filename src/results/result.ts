import type { Recorded } from "../options/option.js";
import type { engine, judging } from "../options/scorerOptions.js";
import type { pooling } from "../options/videoOptions.js";
import type { ErrorCode } from "../errors.js";
import type { Preset } from "../prompts/preset.js";
import type { Distrust, ToneProbability } from "../scoring/score.js";
import type { Views, ViewsName } from "../scoring/views.js";

export type { Distrust, Views, ViewsName };

/** Raised whenever a field changes its meaning or goes away; new fields do not raise it. */
export const RESULT_VERSION = 1;

/** A word of the preset, and what the model's raw logit for it was. */
export interface WordLogit {
  readonly word: string;
  readonly tone: string;
  readonly logit: number;
}

/** What the model said to one question: enough to compute the score again under other settings. */
export interface Answer {
  readonly question: string;
  readonly words: readonly WordLogit[];
  /** log Σ exp(logit) over the whole vocabulary. */
  readonly logSumExp: number;
}

/** The part that pictures, frames and videos share. */
export interface ScoreFields {
  /** 0 (worst) to 1 (best), or on the scale that `scale` names. */
  readonly score: number;
  readonly tones: readonly ToneProbability[];
  /** The probability, over the whole vocabulary, of answering with one of the preset's words. */
  readonly answerMass: number;
  /** False where the score says nothing; `distrust` says why. */
  readonly trusted: boolean;
  /** Only where it is not trusted. */
  readonly distrust?: Distrust;
}

export interface InputInfo {
  /** As it was given; absent for pictures in memory. */
  readonly path?: string;
  /** Bytes of the file. */
  readonly size?: number;
  /** Milliseconds since 1970 of the file's last change. */
  readonly mtimeMs?: number;
}

export interface PictureInfo {
  /** In pixels, as the model was shown it. */
  readonly width: number;
  readonly height: number;
  /** The size of the file's picture, where it was decoded smaller. */
  readonly original?: { readonly width: number; readonly height: number };
  /** What was done to the picture before the model's own preprocessing. */
  readonly treatment: readonly string[];
}

/** What was said of a part of a picture, which the model was shown at its own size. */
export interface CropResult extends ScoreFields {
  /** In pixels of the picture. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly answers: readonly Answer[];
}

/** What the score of a picture was made of that was looked at several times. */
export interface ViewsResult {
  readonly treatment: Views;
  /** What the picture scores as a whole; the answers to that are the result's own. */
  readonly whole: ScoreFields;
  /** The one of most detail comes first. */
  readonly crops: readonly CropResult[];
}

export interface ImageResult extends ScoreFields {
  readonly type: "image";
  readonly input: InputInfo & PictureInfo;
  /** Name of the preset that was asked. Absent in what was written before a run could have several. */
  readonly preset?: string;
  readonly scale: string;
  /** To the picture as a whole. */
  readonly answers: readonly Answer[];
  /** Absent where the picture was looked at once, as a whole. */
  readonly views?: ViewsResult;
}

export interface FrameResult extends ScoreFields {
  /** Seconds from the start. */
  readonly time: number;
  /** Those of all frames, where the preset has them asked about together: `time` is the first one's. */
  readonly times?: readonly number[];
  readonly answers: readonly Answer[];
}

export interface VideoResult extends ScoreFields {
  readonly type: "video";
  readonly input: InputInfo & PictureInfo;
  /** As in {@link ImageResult}. */
  readonly preset?: string;
  readonly scale: string;
  readonly pooling: string;
  /** Which frames were scored: `fps 1`, `frames 8` or `every 25`. */
  readonly sampling: string;
  /** What was wrong with a clip of which some frames decoded all the same. */
  readonly warnings: readonly string[];
  /** True where a stream was stopped or broke off: the score is that of what was seen until then. */
  readonly partial?: true;
  /** How many frames the score is of that `frames` no longer lists, as in a feed that had running scores. */
  readonly framesLeftOut?: number;
  readonly frames: readonly FrameResult[];
}

/** A frame of a stream that goes on. In NDJSON a line of its own; the stream's {@link VideoResult} repeats it. */
export interface StreamFrame extends FrameResult {
  readonly type: "frame";
  readonly input: InputInfo & PictureInfo;
  readonly preset: string;
  readonly scale: string;
}

/** The score of a part of a stream that goes on. In NDJSON a line of its own. */
export interface RunningScore extends ScoreFields {
  readonly type: "running";
  readonly input: InputInfo & PictureInfo;
  readonly preset: string;
  readonly scale: string;
  readonly pooling: string;
  /** Times of the first and the last frame of the part, seconds from the start. */
  readonly from: number;
  readonly to: number;
  /** How many frames the part has. */
  readonly frames: number;
}

/** An input has one, whatever the number of presets. */
export interface ErrorResult {
  readonly type: "error";
  readonly input: InputInfo;
  readonly error: { readonly code: ErrorCode; readonly message: string };
}

/** What was scored. */
export type ScoredResult = ImageResult | VideoResult;
export type Result = ScoredResult | ErrorResult;

export interface FileIdentity {
  readonly path: string;
  readonly name: string;
  /** SHA-256 of the file, hexadecimal. */
  readonly sha256: string;
}

export interface PresetIdentity {
  readonly name: string;
  readonly hash: string;
  /** As the model was given them; `{picture}` stands for the picture. */
  readonly prompts: readonly string[];
  readonly temperature: number;
  /** The preset itself: it tells which others can be scored from these results. */
  readonly recipe: Preset;
}

/** What pictures were asked, and what videos were. */
export interface PresetIdentities {
  readonly image: PresetIdentity;
  readonly video: PresetIdentity;
}

/** What the command line was told beyond model and presets, as far as it bears on the results. */
export interface RunSettings extends Recorded<typeof engine & typeof judging & { pooling: typeof pooling }> {
  /** A scale's name, or that of a calibration. */
  readonly scale: string;
  /** Which frames of a video: `fps 1`, `frames 8` or `every 25`. */
  readonly sampling: string;
}

/** How pictures were shown because of the family that the model's files say it is of. */
export interface FamilyTreatment {
  readonly name: string;
  /** The colour around pictures, padded to squares, where their preset says nothing else; sRGB levels, 0 to 255. */
  readonly squarePad?: readonly [red: number, green: number, blue: number];
  /** Tokens a picture, as they were used. */
  readonly imageMinTokens?: number;
  readonly imageMaxTokens?: number;
  /** What its authors allow, where that is more. */
  readonly authorsMaxTokens?: number;
}

/** What all results of a run have in common; the first line of NDJSON. */
export interface RunHeader {
  readonly type: "header";
  readonly version: typeof RESULT_VERSION;
  readonly tonescore: string;
  readonly llamaCpp: string;
  readonly model: FileIdentity;
  readonly mmproj: FileIdentity;
  readonly presets: PresetIdentities;
  /**
   * Where a run had several presets, those after the first. Its results then name theirs, and every input has a result
   * for each, or one error.
   */
  readonly alsoPresets?: readonly PresetIdentities[];
  /** Absent where the family is none whose ways are known, and in what was written before that was looked at. */
  readonly family?: FamilyTreatment;
  /** How pictures were looked at. Absent in what was written before there was a choice: as a whole. */
  readonly views?: Views;
  readonly templateArguments: Readonly<Record<string, unknown>>;
  readonly backend: string;
  readonly threads: number;
  /** Only in what the command line writes. */
  readonly settings?: RunSettings;
}
