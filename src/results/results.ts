import { resolve } from "node:path";
import type { Result, RunHeader } from "../result.js";

/** What is in a results file. */
export interface Results {
  /** Absent where the file has none; of several, as of files that were joined, the last. */
  readonly header: RunHeader | undefined;
  /** In the order of their paths' first. Of two for one path and preset the later one, as `--resume` leaves them. */
  readonly results: readonly Result[];
}

/** Gathers what a results file holds. */
export async function gather(
  entries: AsyncIterable<RunHeader | Result> | Iterable<RunHeader | Result>,
): Promise<Results> {
  const byPath = new Map<unknown, Map<unknown, Result>>();
  let header: RunHeader | undefined;
  for await (const entry of entries) {
    if (entry.type === "header") {
      header = entry;
      continue;
    }
    const { path } = entry.input;
    const key = path === undefined ? entry : resolve(path);
    byPath.set(key, withResult(byPath.get(key), entry));
  }
  return { header, results: [...byPath.values()].flatMap((ofPath) => [...ofPath.values()]) };
}

const FAILED = Symbol("failed");

/** What failed, failed for every preset. */
function withResult(earlier: Map<unknown, Result> | undefined, result: Result): Map<unknown, Result> {
  if (!earlier || result.type === "error")
    return new Map([[result.type === "error" ? FAILED : result.preset, result]]);
  earlier.delete(FAILED);
  return earlier.set(result.preset, result);
}
