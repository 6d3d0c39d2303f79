import type { Estimate } from "../stats/bootstrap.js";
import type { ErrorResult, RunHeader } from "./result.js";

/** Raised whenever a field changes its meaning or goes away; new fields do not raise it. */
export const COMPARISON_VERSION = 1;

/** One version of one picture or video. */
export interface ComparedItem {
  readonly path?: string;
  readonly score: number;
  /** From the baseline's score to this one; 0 for the baseline itself. */
  readonly difference: number;
  /** Of the file. */
  readonly bytes?: number;
  /** Only of pictures. */
  readonly bitsPerPixel?: number;
}

/** The same picture or video in every version, in the order of the versions. */
export interface ComparedPicture {
  readonly name: string;
  readonly items: readonly ComparedItem[];
}

/** A version over all pictures; the first version is the baseline. */
export interface ComparedVersion {
  readonly name: string;
  /** The mean, with a 95% interval from the bootstrap where there are pictures enough. */
  readonly score: Estimate;
  /** The mean of paired differences from the baseline, with its interval from paired resamples. */
  readonly difference: Estimate;
  /** How many pictures score higher than the baseline's, the same, and lower. */
  readonly better: number;
  readonly equal: number;
  readonly worse: number;
  /** Of all files. */
  readonly bytes?: number;
  /** The mean over the pictures; absent where there are videos. */
  readonly bitsPerPixel?: number;
}

/** What `tonescore compare` finds out; its JSON output. */
export interface PairedComparison {
  readonly type: "comparison";
  readonly version: typeof COMPARISON_VERSION;
  readonly tonescore: string;
  /** Absent where results files have none. */
  readonly header?: RunHeader;
  readonly scale: string;
  readonly bootstrap: { readonly resamples: number; readonly seed: number };
  readonly versions: readonly ComparedVersion[];
  readonly pictures: readonly ComparedPicture[];
  /** What some version lacks, and so is not compared. */
  readonly unpaired: readonly { readonly version: string; readonly lacks: readonly string[] }[];
  /** What failed in some version, and so is not compared either. */
  readonly errors: readonly ErrorResult[];
}
