import { resultsOf, readStored } from "../results/readResults.js";
import type { ErrorResult, ImageResult, RunHeader, VideoResult } from "../results/result.js";
import { checkArgument, path as pathKind } from "../util/arguments.js";
import { type RawLogits, readRawLogits } from "./qbench/rawLogits.js";

export type StoredResult = ImageResult | VideoResult | ErrorResult | RawLogits;

/** What an earlier run, or somebody else's, has left. */
export interface StoredLogits {
  readonly path: string;
  /** Absent in Q-Bench's files, which do not say what was asked. */
  readonly header?: RunHeader;
  readonly results: readonly StoredResult[];
}

const LOGITS =
  "logits, as tonescore writes them in NDJSON or JSON or Q-Bench in objects with img_path, gt_score and logit_… for each word,";

/**
 * Reads results that keep their logits: NDJSON or JSON of this program, or Q-Bench's raw-logit files, an array or objects
 * one after another with no separator. Of several results for one path and preset the last counts.
 * @param isWanted tells by their paths which results are kept: a file may have more than memory. Default: all.
 * @throws {TonescoreError} `ERR_DATASET`, `ERR_INPUT_NOT_FOUND`, `ERR_INPUT_UNREADABLE`, `ERR_INVALID_ARGUMENT`
 */
export async function readLogits(path: string, isWanted?: (path: string) => boolean): Promise<StoredLogits> {
  checkArgument("the results", path, pathKind);
  return readStored(path, {
    expected: LOGITS,
    code: "ERR_DATASET",
    wanted: "all",
    isWanted,
    take: (stored) => {
      if (stored.type === "unknown") return { path, results: readRawLogits(stored) };
      const { header, results } = resultsOf(stored);
      return { path, ...(header && { header }), results };
    },
  });
}
