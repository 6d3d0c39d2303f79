import type { ErrorCode } from "../errors.js";
import { accessError } from "../media/inputs/source.js";
import { expected } from "../util/expected.js";
import { FileProblem } from "../util/namedFile.js";
import { gather, type Results } from "./gather.js";
import { openStored } from "./read.js";
import type { Stored, Unknown, Wanted } from "./stored.js";

/** What this program wrote. */
export type StoredDocument =
  ({ readonly type: "results" } & Results) | Exclude<Stored, { readonly type: "results" | "unknown" }>;

interface Reading<T> {
  /** What the file is expected to be. */
  readonly expected: string;
  /** Of the error where it is something else; default `ERR_INPUT_UNSUPPORTED`. */
  readonly code?: ErrorCode;
  readonly wanted: Wanted;
  /** Which results are kept, by their paths: a file may have more than memory. Default: all. */
  readonly isWanted?: ((path: string) => boolean) | undefined;
  /** @throws {FileProblem} where the file is not what was expected */
  readonly take: (found: StoredDocument | Unknown) => T;
}

/**
 * Reads what was stored.
 * @throws {TonescoreError} the code of the reading, `ERR_INPUT_NOT_FOUND`, `ERR_INPUT_UNREADABLE`
 */
export async function readStored<T>(path: string, reading: Reading<T>): Promise<T> {
  const { code = "ERR_INPUT_UNSUPPORTED", wanted, isWanted, take } = reading;
  try {
    const stored = await openStored(path, wanted);
    if (stored.type !== "results") return take(stored);
    return take({ type: "results", ...(await gather(stored.entries, isWanted)) });
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    if (error.notFound) throw accessError(path, error.cause);
    throw expected(`${reading.expected} in "${path}"`, { code, but: error.message, cause: error });
  }
}

const commands = { comparison: "compare", evaluation: "evaluate" } as const;

/** @throws {FileProblem} where it is something else, which says what */
export function resultsOf(stored: StoredDocument | Unknown): Results {
  if (stored.type === "results") return stored;
  if (stored.type === "unknown") throw new FileProblem(stored.problem);
  throw new FileProblem(`it is what tonescore ${commands[stored.type]} wrote`);
}

/**
 * The results of a run, NDJSON or JSON.
 * @throws {TonescoreError} as {@link readStored}
 */
export const readResults = (path: string, wanted: Wanted): Promise<Results> =>
  readStored(path, {
    expected: 'results, as "tonescore -o FILE.ndjson" writes them,',
    wanted,
    take: resultsOf,
  });

/**
 * What `score`, `compare` or `evaluate` wrote, to make a page of.
 * @throws {TonescoreError} as {@link readStored}
 */
export const readDocument = (path: string): Promise<StoredDocument> =>
  readStored(path, {
    expected: "what tonescore, tonescore compare or tonescore evaluate wrote as NDJSON or JSON",
    wanted: "report",
    take: (stored) => {
      if (stored.type !== "unknown") return stored;
      throw new FileProblem(stored.problem);
    },
  });
