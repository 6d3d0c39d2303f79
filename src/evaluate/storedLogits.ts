import { checkArgument, path as pathKind } from "../util/arguments.js";
import { TonescoreError } from "../errors.js";
import { isRecord } from "../util/isRecord.js";
import { accessError } from "../media/inputs/source.js";
import { FileProblem, readNamedText } from "../util/namedFile.js";
import type { ErrorResult, ImageResult, Result, RunHeader, VideoResult } from "../results/result.js";
import { checkShape } from "../util/json.js";
import { MOST_DOCUMENT_BYTES, openStored } from "../results/read.js";
import { gather } from "../results/gather.js";
import { jsonValues } from "./datasets/jsonValues.js";

/** The raw logits of a file as Q-Bench publishes them: the answer words after one question, and the MOS. */
export interface RawLogits {
  readonly type: "raw";
  readonly input: { readonly path: string };
  readonly mos: number;
  readonly logits: ReadonlyMap<string, number>;
}

export type StoredResult = ImageResult | VideoResult | ErrorResult | RawLogits;

/** What an earlier run, or somebody else's, has left. */
export interface StoredLogits {
  readonly path: string;
  /** Absent in Q-Bench's files, which do not say what was asked. */
  readonly header?: RunHeader;
  readonly results: readonly StoredResult[];
}

const notLogits = (path: string, problem: string, cause?: unknown): TonescoreError =>
  new TonescoreError(
    "ERR_DATASET",
    `${path} holds no logits: ${problem}. Expected what tonescore writes as NDJSON or JSON, or Q-Bench's objects with ` +
      "img_path, gt_score and logit_… for each word.",
    { cause },
  );

/**
 * Reads results that keep their logits: NDJSON or JSON of this program, or Q-Bench's raw-logit files, an array or objects
 * one after another with no separator. Of several results for one path and preset the last counts.
 * @throws {TonescoreError} `ERR_DATASET`, `ERR_INPUT_NOT_FOUND`, `ERR_INPUT_UNREADABLE`, `ERR_INVALID_ARGUMENT`
 */
export function readLogits(path: string): Promise<StoredLogits> {
  return readLogitsOf(path, () => true);
}

/** As {@link readLogits}, of the files that are wanted only: a file of results may have more than memory. */
export async function readLogitsOf(path: string, isWanted: (path: string) => boolean): Promise<StoredLogits> {
  checkArgument("the results", path, pathKind);
  try {
    const stored = await openStored(path, "all");
    if (stored.type === "unknown") return { path, results: await readRaw(path, stored.problem) };
    if (stored.type !== "results") throw new FileProblem(`it is what tonescore ${stored.type} found`);
    const { header, results } = await gather(wantedOf(stored.entries, isWanted));
    return { path, ...(header && { header }), results };
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    if (error.notFound) throw accessError(path, error.cause);
    throw notLogits(path, error.message, error);
  }
}

async function* wantedOf(
  entries: AsyncIterable<RunHeader | Result> | Iterable<RunHeader | Result>,
  isWanted: (path: string) => boolean,
): AsyncGenerator<RunHeader | Result> {
  for await (const entry of entries) {
    if (entry.type === "header" || isWanted(entry.input.path ?? "")) yield entry;
  }
}

/** @param problem of the file, were it one of ours. */
async function readRaw(path: string, problem: string): Promise<RawLogits[]> {
  const text = await readNamedText(path, MOST_DOCUMENT_BYTES);
  checkShape(Buffer.from(text));
  let values: unknown[];
  try {
    values = [...jsonValues(text)].flatMap(({ value }) => value);
  } catch (error) {
    throw new FileProblem(
      `it is not JSON (${error instanceof Error ? error.message : String(error)})`,
      false,
      {
        cause: error,
      },
    );
  }
  if (values.length === 0) throw new FileProblem(problem);
  return values.map((value) => {
    if (isRecord(value) && typeof value.img_path === "string") return rawLogits(path, value.img_path, value);
    throw new FileProblem(`it has ${JSON.stringify(value).slice(0, 80)}`);
  });
}

const WORD = /^logit_(.+)$/;

function rawLogits(path: string, picture: string, value: Readonly<Record<string, unknown>>): RawLogits {
  const mos = typeof value.gt_score === "string" ? Number(value.gt_score) : value.gt_score;
  const logits = new Map(
    Object.entries(value).flatMap(([name, logit]) => {
      const word = WORD.exec(name)?.[1];
      return word !== undefined && typeof logit === "number" ? [[word, logit] as const] : [];
    }),
  );
  if (typeof mos !== "number" || !Number.isFinite(mos)) {
    throw notLogits(path, `the gt_score of ${picture} is ${JSON.stringify(value.gt_score)}, no number`);
  }
  return { type: "raw", input: { path: picture }, mos, logits };
}
