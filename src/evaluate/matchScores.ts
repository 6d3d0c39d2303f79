import { basename, resolve } from "node:path";
import { expected } from "../util/expected.js";
import { composed } from "../media/inputs/alike.js";
import type { Dataset } from "./datasets/loadDataset.js";
import type { ScoredPath } from "./rescore.js";
import type { StoredLogits } from "./storedLogits.js";

/** What a file is matched by where its path is another one. */
export const nameOf = (path: string): string => composed(basename(path));

/** The names of a dataset's files: no other result can be one of theirs. */
export const namesIn = ({ rows }: Dataset): ReadonlySet<string> =>
  new Set(rows.map(({ path }) => nameOf(path)));

/**
 * Scores by the paths of a dataset's rows, from scores by the paths of results. Results that were written elsewhere are
 * matched by the files' names, where no two are the same.
 */
export function matchScores(dataset: Dataset, scores: readonly ScoredPath[]): Map<string, number> {
  const byPath = new Map(scores.map(({ path, score }) => [resolve(path), score]));
  const exact = matched(dataset, (path) => byPath.get(resolve(path)));
  if (exact.size > 0) return exact;
  const byName = new Map(scores.map(({ path, score }) => [nameOf(path), score]));
  return byName.size === byPath.size ? matched(dataset, (path) => byName.get(nameOf(path))) : exact;
}

function matched(dataset: Dataset, find: (path: string) => number | undefined): Map<string, number> {
  return new Map(
    dataset.rows.flatMap(({ path }) => {
      const score = find(path);
      return score === undefined ? [] : [[path, score] as const];
    }),
  );
}

/** The dataset that files of raw logits bring along. */
export function datasetOf({ path, results }: StoredLogits): Dataset {
  const rows = results.flatMap((result) =>
    result.type === "raw" ? [{ path: result.input.path, mos: result.mos }] : [],
  );
  if (rows.length === 0) {
    throw expected(`MOS values in "${path}"`, {
      code: "ERR_DATASET",
      but: "there are none",
      remedy: `Name the dataset that has them: tonescore evaluate DATASET --from-logits ${path}`,
    });
  }
  return { path, layout: "Q-Bench raw logits", dmos: false, rows, missing: 0 };
}
