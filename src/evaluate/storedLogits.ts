import { readFile } from "node:fs/promises";
import { checkArgument, path as pathKind } from "../arguments.js";
import { TonescoreError } from "../errors.js";
import { isRecord } from "../isRecord.js";
import { accessError } from "../media/source.js";
import type { ErrorResult, ImageResult, RunHeader, VideoResult } from "../result.js";
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
    `${path} holds no logits: ${problem} Expected what tonescore writes as NDJSON or JSON, or Q-Bench's objects with ` +
      "img_path, gt_score and logit_… for each word.",
    { cause },
  );

/**
 * Reads results that keep their logits: NDJSON or JSON of this program, or Q-Bench's raw-logit files, an array or objects
 * one after another with no separator. Of several results for one path the last counts.
 * @throws {TonescoreError} `ERR_DATASET`, `ERR_INPUT_NOT_FOUND`, `ERR_INPUT_UNREADABLE`
 */
export async function readLogits(path: string): Promise<StoredLogits> {
  checkArgument("the results", path, pathKind);
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw accessError(path, cause);
  });
  const values = parseAll(path, text);
  const header = values.find((value): value is RunHeader => isRecord(value) && value.type === "header");
  const results = values.flatMap((value) => (value === header ? [] : [asResult(path, value)]));
  return { path, ...(header && { header }), results: header ? lastOfEach(results) : results };
}

function parseAll(path: string, text: string): unknown[] {
  let values: unknown[];
  try {
    values = [...jsonValues(text)].flatMap(({ value }) => value);
  } catch (error) {
    throw notLogits(
      path,
      `it is not JSON (${error instanceof Error ? error.message : String(error)}).`,
      error,
    );
  }
  const [first] = values;
  if (first === undefined) throw notLogits(path, "it is empty.");
  // The JSON format: {"header": …, "results": [ … ]}.
  return isRecord(first) && Array.isArray(first.results)
    ? [first.header, ...(first.results as unknown[])]
    : values;
}

function asResult(path: string, value: unknown): StoredResult {
  if (isRecord(value) && ["image", "video", "error"].includes(String(value.type)) && isRecord(value.input)) {
    return value as unknown as StoredResult;
  }
  if (isRecord(value) && typeof value.img_path === "string") return rawLogits(path, value.img_path, value);
  throw notLogits(path, `it has ${JSON.stringify(value).slice(0, 80)}.`);
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
    throw notLogits(path, `the gt_score of ${picture} is ${JSON.stringify(value.gt_score)}, no number.`);
  }
  return { type: "raw", input: { path: picture }, mos, logits };
}

function lastOfEach(results: readonly StoredResult[]): StoredResult[] {
  return [...new Map(results.map((result) => [result.input.path, result])).values()];
}
