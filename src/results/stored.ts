import type { PairedComparison } from "./comparison.js";
import type { Evaluation } from "./evaluation.js";
import type { Result, RunHeader } from "./result.js";

/** What a reader needs of results: all of it, or scores without what they were made of. */
export type Wanted = "all" | "report" | "scores";

export type StoredEntry = RunHeader | Result | { readonly type: "frame" } | { readonly type: "running" };

type Entries = AsyncIterable<RunHeader | Result> | Iterable<RunHeader | Result>;

/** What a file of this program's holds; headers and results come one after another, however large it is. */
export type Stored =
  | { readonly type: "results"; readonly entries: Entries }
  | { readonly type: "comparison"; readonly comparison: PairedComparison }
  | { readonly type: "evaluation"; readonly evaluation: Evaluation }
  | {
      readonly type: "unknown";
      /** Why it is none of these. */
      readonly problem: string;
      /** All that it holds. */
      readonly bytes: Buffer;
    };

/** A file that somebody else may have written. */
export type Unknown = Extract<Stored, { readonly type: "unknown" }>;
