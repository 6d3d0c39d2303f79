import { isRecord } from "../util/isRecord.js";
import { checkNamedFile, FileProblem } from "../util/namedFile.js";
import type { Result, RunHeader } from "./result.js";
import { byteText } from "../util/byteText.js";
import { parseJson } from "../util/json.js";
import { type Line, readLines } from "./lines.js";
import { RESULTS_START } from "./write.js";
import { parseEntry } from "./schema.js";
import type { Stored, StoredEntry, Wanted } from "./stored.js";

/** What is no results of a run, and so is read whole: a comparison, an evaluation, JSON that was formatted anew. */
const MOST_DOCUMENT_BYTES = 256 * 2 ** 20;

/**
 * Opens what `score`, `compare` or `evaluate` wrote, by what is in it.
 * @throws {FileProblem} while it is read, too
 */
export async function openStored(path: string, wanted: Wanted): Promise<Stored> {
  await checkNamedFile(path);
  const lines = readLines(path);
  const { value: first } = (await lines.next()) as IteratorResult<Line, undefined>;
  if (!first) return { type: "unknown", problem: "it is empty", bytes: Buffer.alloc(0) };
  const start = first.bytes.toString("latin1").trimEnd();
  if (start.endsWith(RESULTS_START)) {
    return { type: "results", entries: documentEntries(first, lines, wanted) };
  }
  const value = parsed(first);
  if (isRecord(value) && ENTRY_TYPES.has(value.type)) {
    return { type: "results", entries: lineEntries(first, lines, wanted) };
  }
  const bytes = await wholeOf(first, lines);
  const whole = bytes === first.bytes && value !== undefined ? { value } : tried(bytes);
  if (whole instanceof FileProblem) return { type: "unknown", problem: whole.message, bytes };
  return documentOf(whole.value, bytes, wanted);
}

const ENTRY_TYPES: ReadonlySet<unknown> = new Set(["header", "image", "video", "error", "frame", "running"]);

/** Undefined for the beginning of a document of several lines. */
function parsed({ bytes }: Line): unknown {
  try {
    return parseJson(bytes);
  } catch {
    return undefined;
  }
}

/** NDJSON. Its last line may be one that its writer was stopped in the middle of. */
async function* lineEntries(
  first: Line,
  others: AsyncIterable<Line>,
  wanted: Wanted,
): AsyncGenerator<RunHeader | Result> {
  yield* kept(entryOf(first, wanted));
  for await (const line of others) {
    if (line.complete) yield* kept(entryOf(line, wanted));
    else if (parsed(line) !== undefined) yield* kept(entryOf(line, wanted));
  }
}

/** `{"header":…,"results":[`, then a result a line, then `]}`. */
async function* documentEntries(
  first: Line,
  others: AsyncIterable<Line>,
  wanted: Wanted,
): AsyncGenerator<RunHeader | Result> {
  const head = first.bytes.toString("utf8").trimEnd().slice(0, -RESULTS_START.length);
  const { header } = about(first, () => parseJson(Buffer.from(`${head}}`))) as { header?: unknown };
  if (header !== undefined) yield* kept(about(first, () => parseEntry(header, wanted)));
  for await (const line of others) {
    const text = line.bytes.subarray(0, endOfEntry(line.bytes));
    if (text.length === 2 && text.toString() === "]}") return;
    if (text.length > 0) yield* kept(entryOf({ ...line, bytes: text }, wanted));
  }
  throw new FileProblem("it ends in the middle");
}

const NOT_ENTRY: ReadonlySet<number | undefined> = new Set(Buffer.from(", \r\n"));

function endOfEntry(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && NOT_ENTRY.has(bytes[end - 1])) end--;
  return end;
}

/** A frame of a stream, or its running score, says nothing that the stream's result does not. */
const kept = (entry: StoredEntry): (RunHeader | Result)[] =>
  entry.type === "frame" || entry.type === "running" ? [] : [entry];

/** @throws {FileProblem} which names the line */
export const entryOf = (line: Line, wanted: Wanted): StoredEntry =>
  about(line, () => parseEntry(parseJson(line.bytes), wanted));

function about<T>({ number }: Line, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    throw new FileProblem(`its line ${number} is no result of this version: ${error.message}`, false, {
      cause: error,
    });
  }
}

/** All lines of a file; those of the first itself where there are no others. */
async function wholeOf(first: Line, others: AsyncIterable<Line>): Promise<Buffer> {
  const pieces = [first.bytes];
  for await (const { bytes, end } of others) {
    checkLength(end);
    pieces.push(Buffer.from(bytes));
  }
  return pieces.length === 1 ? first.bytes : Buffer.concat(pieces);
}

function checkLength(bytes: number): void {
  if (bytes <= MOST_DOCUMENT_BYTES) return;
  throw new FileProblem(
    `it is neither results, a line each, nor smaller than ${byteText(MOST_DOCUMENT_BYTES)}`,
  );
}

function tried(bytes: Buffer): { readonly value: unknown } | FileProblem {
  checkLength(bytes.length);
  try {
    return { value: parseJson(bytes) };
  } catch (error) {
    if (error instanceof FileProblem) return error;
    throw error;
  }
}

async function documentOf(value: unknown, bytes: Buffer, wanted: Wanted): Promise<Stored> {
  const unknown = (problem: string): Stored => ({ type: "unknown", problem, bytes });
  if (!isRecord(value)) return unknown("it is JSON of something else");
  if (Array.isArray(value.results)) {
    return {
      type: "results",
      entries: valueEntries([value.header, ...(value.results as unknown[])], wanted),
    };
  }
  if (value.type === "comparison") {
    const { parseComparison } = await import("./documents.js");
    return { type: "comparison", comparison: parseComparison(value) };
  }
  if (value.type === "evaluation") {
    const { parseEvaluation } = await import("./documents.js");
    return { type: "evaluation", evaluation: parseEvaluation(value) };
  }
  return unknown(value.type === "calibration" ? "it is a calibration" : "it is JSON of something else");
}

function* valueEntries(values: readonly unknown[], wanted: Wanted): Generator<RunHeader | Result> {
  for (const [index, value] of values.entries()) {
    if (index === 0 && value === undefined) continue;
    try {
      yield* kept(parseEntry(value, wanted));
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error;
      throw new FileProblem(
        `its ${index === 0 ? "header" : `result ${index}`} is none of this version: ${error.message}`,
      );
    }
  }
}
