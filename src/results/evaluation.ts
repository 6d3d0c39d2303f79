import type { Estimate } from "../stats/bootstrap.js";
import type { Curve } from "../stats/curves.js";
import type { FileIdentity, PresetIdentity, Views } from "./result.js";

/** Raised whenever a field changes its meaning or goes away; new fields do not raise it. */
export const EVALUATION_VERSION = 1;

/** How well the scores agree with the MOS once the curve has put them on its scale. */
export interface CurveAgreement extends Curve {
  /** -1 to 1. */
  readonly plcc: Estimate;
  /** In the unit of the MOS. */
  readonly rmse: Estimate;
}

/** How well scores agree with viewers. Correlations go from -1 to 1, and 1 is full agreement. */
export interface Metrics {
  /** Spearman's rank correlation. */
  readonly srcc: Estimate;
  /** Kendall's rank correlation tau-b. */
  readonly krcc: Estimate;
  /** Pearson's linear correlation of the scores as they are. */
  readonly plcc: Estimate;
  /** In the unit of the MOS; only of scores that a calibration has put on that scale. */
  readonly rmse?: Estimate;
  /** Those of the curves that there are rows enough to fit, and that are monotone from the least to the highest score. */
  readonly curves: readonly CurveAgreement[];
  /** The curves that were fitted and are not; their agreement would flatter the scores. Absent where there are none. */
  readonly notMonotone?: readonly Curve["name"][];
}

export interface Agreement {
  /** How many pictures or videos. */
  readonly n: number;
  readonly metrics?: Metrics;
  /** In place of metrics: why no correlation exists. */
  readonly reason?: string;
}

export interface GroupAgreement extends Agreement {
  readonly group: string;
}

export interface EvaluatedRow {
  /** Where the file is, as it can be opened from the working folder. */
  readonly path: string;
  /** As the dataset has it; of flipped DMOS, the flipped value. */
  readonly mos: number;
  readonly score: number;
  readonly group?: string;
}

/** One preset of one model, held against the MOS. */
export interface SystemEvaluation {
  /** Such as `qboost`; with the model's name before it where the run has several models. */
  readonly name: string;
  /** Absent where the logits come from a file that does not say. */
  readonly model?: FileIdentity;
  readonly mmproj?: FileIdentity;
  readonly preset?: PresetIdentity;
  /** How pictures were looked at; absent where that is not known. */
  readonly views?: Views;
  /** The scale of the scores: `unit`, or a calibration's. */
  readonly scale: string;
  readonly overall: Agreement;
  /** Empty where the dataset has no groups. */
  readonly groups: readonly GroupAgreement[];
  readonly rows: readonly EvaluatedRow[];
}

/** The difference `first - second` of two evaluations on the same pictures; its interval is of paired resamples. */
export interface Comparison {
  readonly first: string;
  readonly second: string;
  readonly srcc: Estimate;
  readonly krcc: Estimate;
  readonly plcc: Estimate;
}

export interface DatasetInfo {
  readonly path: string;
  /** Such as `KonIQ-10k`, or `table` where the columns were found by their names. */
  readonly layout: string;
  /** How many it lists. */
  readonly listed: number;
  /** How many of them have no file; only where that was allowed. */
  readonly missing: number;
  /** How many could not be scored by every evaluation, and are in none. */
  readonly failed: number;
  readonly dmos: boolean;
}

/** What `tonescore evaluate` finds out; its JSON output. */
export interface Evaluation {
  readonly type: "evaluation";
  readonly version: typeof EVALUATION_VERSION;
  readonly tonescore: string;
  readonly dataset: DatasetInfo;
  /** Absent where no intervals were asked for. */
  readonly bootstrap?: { readonly resamples: number; readonly seed: number };
  readonly evaluations: readonly SystemEvaluation[];
  /** Every pair of evaluations, in their order. */
  readonly comparisons: readonly Comparison[];
}
