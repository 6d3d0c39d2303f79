import { type Estimate, estimate, resamplesOf } from "../stats/bootstrap.js";
import { type Bootstrap, DEFAULT_BOOTSTRAP } from "../stats/resampling.js";
import type { Result, ScoredResult } from "../results/result.js";
import { mean, sum } from "../stats/numbers.js";
import type {
  ComparedItem,
  ComparedPicture,
  ComparedVersion,
  PairedComparison,
} from "../results/comparison.js";

/** A name, and what every version of it got, in the order of the versions. */
export interface PairedResults {
  readonly name: string;
  readonly results: readonly Result[];
}

type Compared = Pick<PairedComparison, "versions" | "pictures" | "errors" | "bootstrap">;

/** Holds the versions of the same pictures against the first version. A picture counts where all of it was scored. */
export function compareVersions(
  versionNames: readonly string[],
  pairs: readonly PairedResults[],
  bootstrap: Bootstrap = DEFAULT_BOOTSTRAP,
): Compared {
  const errors = pairs.flatMap(({ results }) => results.filter((result) => result.type === "error"));
  const pictures = pairs.flatMap(({ name, results }) => {
    const scored = results.filter((result) => result.type !== "error");
    return scored.length < results.length ? [] : [comparePicture(name, scored)];
  });
  const resamples = pictures.length > 1 ? [...resamplesOf(pictures.length, bootstrap)] : [];
  const versions = versionNames.map((name, index) =>
    summarise(
      name,
      pictures.flatMap(({ items }) => items[index] ?? []),
      resamples,
    ),
  );
  return { versions, pictures, errors, bootstrap };
}

function comparePicture(name: string, results: readonly ScoredResult[]): ComparedPicture {
  const baseline = results[0]?.score ?? NaN;
  return { name, items: results.map((result) => compareItem(result, baseline)) };
}

function compareItem(result: ScoredResult, baseline: number): ComparedItem {
  const { path, size } = result.input;
  const { width, height } = result.input.original ?? result.input;
  return {
    ...(path !== undefined && { path }),
    score: result.score,
    difference: result.score - baseline,
    ...(size !== undefined && { bytes: size }),
    ...(size !== undefined && result.type === "image" && { bitsPerPixel: (8 * size) / (width * height) }),
  };
}

function summarise(
  name: string,
  items: readonly ComparedItem[],
  resamples: readonly Int32Array[],
): ComparedVersion {
  const differences = items.map((item) => item.difference);
  const count = (counts: (difference: number) => boolean): number => differences.filter(counts).length;
  const bytes = allOf(items, "bytes");
  const bitsPerPixel = allOf(items, "bitsPerPixel");
  return {
    name,
    score: meanWithInterval(
      items.map((item) => item.score),
      resamples,
    ),
    difference: meanWithInterval(differences, resamples),
    better: count((difference) => difference > 0),
    equal: count((difference) => difference === 0),
    worse: count((difference) => difference < 0),
    ...(bytes && { bytes: sum(bytes) }),
    ...(bitsPerPixel && { bitsPerPixel: mean(bitsPerPixel) }),
  };
}

/** Undefined where one lacks it, since a mean over some of the pictures could not be compared. */
function allOf(items: readonly ComparedItem[], field: "bytes" | "bitsPerPixel"): number[] | undefined {
  const values = items.flatMap((item) => item[field] ?? []);
  return values.length === items.length ? values : undefined;
}

function meanWithInterval(values: readonly number[], resamples: readonly Int32Array[]): Estimate {
  const means = resamples.map(
    (rows) => rows.reduce((total, row) => total + (values[row] ?? NaN), 0) / rows.length,
  );
  return estimate(mean(values), means);
}
