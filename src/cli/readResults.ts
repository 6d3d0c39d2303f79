import { TonescoreError } from "../errors.js";
import { isRecord } from "../isRecord.js";
import { accessError } from "../media/source.js";
import type { Result, RunHeader } from "../result.js";
import { readLines, type Line } from "./lines.js";

/** What is in a results file. */
export interface Results {
  /** Absent where the file has none. */
  readonly header: RunHeader | undefined;
  /** Of two lines for one path only the later one, as a run that was gone on with leaves them. */
  readonly results: readonly Result[];
}

/** @throws {TonescoreError} `ERR_INPUT_UNSUPPORTED` where the file is something else than results in NDJSON. */
export async function readResults(path: string): Promise<Results> {
  const byPath = new Map<unknown, Result>();
  let header: RunHeader | undefined;
  let number = 0;
  for await (const line of linesOf(path)) {
    const value = parse(path, line, ++number);
    if (value?.type === "header") header = value;
    else if (value) byPath.set(value.input.path ?? value, value);
  }
  if (number > 0) return { header, results: [...byPath.values()] };
  throw notResults(path, "it is empty");
}

async function* linesOf(path: string): AsyncGenerator<Line> {
  try {
    yield* readLines(path);
  } catch (error) {
    throw accessError(path, error);
  }
}

/** Undefined for a last line whose writer was stopped in the middle. */
function parse(path: string, line: Line, number: number): RunHeader | Result | undefined {
  try {
    const value: unknown = JSON.parse(line.text);
    if (isHeader(value) || isResult(value)) return value;
  } catch {
    if (!line.complete && number > 1) return undefined;
  }
  throw notResults(path, `its line ${number} is no result of this version`);
}

const isHeader = (value: unknown): value is RunHeader =>
  isRecord(value) && value.type === "header" && isRecord(value.model) && isPresets(value.presets);

const isPresets = (value: unknown): boolean =>
  isRecord(value) &&
  [value.image, value.video].every((preset) => isRecord(preset) && isRecord(preset.recipe));

function isResult(value: unknown): value is Result {
  if (!isRecord(value) || !isRecord(value.input)) return false;
  if (value.type === "error") return isRecord(value.error);
  const scored = typeof value.score === "number" && Array.isArray(value.tones);
  return scored && (value.type === "image" || (value.type === "video" && Array.isArray(value.frames)));
}

function notResults(path: string, why: string): TonescoreError {
  const message = `Expected results in NDJSON, as "tonescore -o FILE.ndjson" writes them, but received ${path}: ${why}.`;
  return new TonescoreError("ERR_INPUT_UNSUPPORTED", message);
}
