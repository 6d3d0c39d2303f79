import { resolve } from "node:path";
import type { Result, RunHeader } from "./result.js";

/** What is in a results file. */
export interface Results {
  /** Absent where the file has none; of several, as of files that were joined, the last. */
  readonly header: RunHeader | undefined;
  /** Of two for one path and preset the later one, as `--resume` leaves them. */
  readonly results: readonly Result[];
}

/** Gathers what a results file holds, of the inputs that are wanted. */
export async function gather(
  entries: AsyncIterable<RunHeader | Result> | Iterable<RunHeader | Result>,
  isWanted: (path: string) => boolean = () => true,
): Promise<Results> {
  const byKey = new Map<unknown, Result>();
  const presets = new Set<string | undefined>();
  let header: RunHeader | undefined;
  for await (const entry of entries) {
    if (entry.type === "header") {
      header = entry;
      continue;
    }
    const { path } = entry.input;
    if (!isWanted(path ?? "")) continue;
    if (path === undefined) {
      byKey.set(entry, entry);
      continue;
    }
    const place = resolve(path);
    const failed = `${place}\0`;
    // What failed, failed for every preset.
    if (entry.type === "error") {
      for (const preset of presets) byKey.delete(keyOf(place, preset));
      byKey.set(failed, entry);
    } else {
      presets.add(entry.preset);
      byKey.delete(failed);
      byKey.set(keyOf(place, entry.preset), entry);
    }
  }
  return { header, results: [...byKey.values()] };
}

const keyOf = (place: string, preset: string | undefined): string =>
  preset === undefined ? place : `${place}\0${preset}`;
