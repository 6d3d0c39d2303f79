import { TonescoreError } from "../errors.js";
import { accessError } from "../media/inputs/source.js";
import { FileProblem } from "../util/namedFile.js";
import { openStored, type Stored } from "./read.js";
import { gather, type Results } from "./gather.js";
import type { Wanted } from "./schema.js";

/**
 * The results of a run, NDJSON or JSON.
 * @throws {TonescoreError} `ERR_INPUT_UNSUPPORTED` where the file is something else, `ERR_INPUT_NOT_FOUND`
 */
export const readResults = (path: string, wanted: Wanted): Promise<Results> =>
  reading(path, 'results, as "tonescore -o FILE.ndjson" writes them,', async () => {
    const stored = await openStored(path, wanted);
    if (stored.type === "results") return gather(stored.entries);
    throw new FileProblem(problemOf(stored));
  });

const problemOf = (stored: Exclude<Stored, { readonly type: "results" }>): string =>
  stored.type === "unknown" ? stored.problem : `it is what tonescore ${commands[stored.type]} wrote`;

const commands = { comparison: "compare", evaluation: "evaluate" } as const;

/** What `report` makes a page of. */
export type StoredDocument =
  ({ readonly type: "results" } & Results) | Exclude<Stored, { readonly type: "results" | "unknown" }>;

/**
 * What `score`, `compare` or `evaluate` wrote.
 * @throws {TonescoreError} as {@link readResults}
 */
export const readFound = (path: string): Promise<StoredDocument> =>
  reading(
    path,
    "what tonescore, tonescore compare or tonescore evaluate wrote as NDJSON or JSON",
    async () => {
      const stored = await openStored(path, "report");
      if (stored.type === "results") return { type: "results", ...(await gather(stored.entries)) };
      if (stored.type !== "unknown") return stored;
      throw new FileProblem(stored.problem);
    },
  );

async function reading<T>(path: string, expected: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    if (error.notFound) throw accessError(path, error.cause);
    const message = `Expected ${expected} but received ${path}: ${error.message}.`;
    throw new TonescoreError("ERR_INPUT_UNSUPPORTED", message, { cause: error });
  }
}
