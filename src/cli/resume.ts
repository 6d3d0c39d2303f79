import { stat } from "node:fs/promises";
import { TonescoreError } from "../errors.js";
import type { PresetIdentities, Result, RunHeader } from "../result.js";
import type { Judged } from "./gate.js";
import { differences } from "./header.js";
import { readLines, type Line } from "./lines.js";

/** What an earlier run, killed at any moment, has left in its results file. */
export interface Earlier {
  /** The bytes to keep; what stands behind them is a line that was never finished. */
  readonly end: number;
  /** What the file holds for an input as it is now, for each preset; undefined where one of them lacks. */
  resultsOf(input: FileState): readonly Judged[] | undefined;
}

interface FileState {
  readonly path?: string;
  readonly size?: number;
  readonly mtimeMs?: number;
}

const headerStart = '{"type":"header"';

function resumeError(path: string, problem: string, cause?: unknown): TonescoreError {
  return new TonescoreError("ERR_RESUME", `Cannot resume ${path}: ${problem}`, { cause });
}

/** What comes on standard input is never known to be the same. */
function keyOf({ path, size, mtimeMs }: FileState): string | undefined {
  if (path === undefined || path === "-" || size === undefined || mtimeMs === undefined) return undefined;
  return JSON.stringify([path, size, mtimeMs]);
}

function checkHeader(path: string, line: Line, header: RunHeader): void {
  let written: unknown;
  try {
    written = line.text.startsWith(headerStart) ? JSON.parse(line.text) : undefined;
  } catch {
    // Told below, as for any other file that is not ours.
  }
  if (written === undefined) {
    throw resumeError(
      path,
      "its first line is not the header of a tonescore run. Name another file with -o.",
    );
  }
  const differing = differences(written as RunHeader, header);
  if (differing.length === 0) return;
  const list = differing.map((difference) => `\n  ${difference}`).join("");
  throw resumeError(path, `it was written with other settings:${list}\nUse those, or another file.`);
}

/** The header itself may be torn, but only a piece of a header may be thrown away. */
function isTornHeader(line: Line): boolean {
  return !line.complete && (line.text.startsWith(headerStart) || headerStart.startsWith(line.text));
}

/**
 * Reads the results file of a run that is to go on; a file that is not there or is empty starts one.
 * @throws {TonescoreError} `ERR_RESUME` where the file is something else, or has other settings in its header.
 */
export async function readEarlier(path: string, header: RunHeader): Promise<Earlier> {
  const presets = [header.presets, ...(header.alsoPresets ?? [])];
  const found = new Map<string, Judged[]>();
  let end = 0;
  let number = 0;
  for await (const line of linesOf(path)) {
    number++;
    if (number === 1) {
      if (isTornHeader(line)) break;
      checkHeader(path, line, header);
    } else {
      if (!line.complete) break;
      const result = parseResult(path, line, number);
      const index = presetIndex(presets, result);
      remember(found, result, index);
      // An input's results stand together; where some are lacking, all are scored again.
      if (index < presets.length - 1) continue;
    }
    end = line.end;
  }
  return {
    end,
    resultsOf: (input) => {
      const key = keyOf(input);
      const results = key === undefined ? undefined : found.get(key);
      return results && Object.keys(results).length === presets.length ? results : undefined;
    },
  };
}

async function* linesOf(path: string): AsyncGenerator<Line> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return;
  if (!found.isFile()) throw resumeError(path, "it is not a file.");
  try {
    yield* readLines(path);
  } catch (cause) {
    throw resumeError(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function parseResult(path: string, line: Line, number: number): Result {
  try {
    const result = JSON.parse(line.text) as Partial<Result> | null;
    if (typeof result?.input === "object") return result as Result;
  } catch {
    // Told below, as for JSON that is no result.
  }
  throw resumeError(path, `line ${number} is not a result. Remove that line, or name another file.`);
}

/** Which preset of the run a result is of; an error is of all, and what a stream gives by the way is of none. */
function presetIndex(presets: readonly PresetIdentities[], result: Result): number {
  const last = presets.length - 1;
  if (last === 0 || (result.type !== "image" && result.type !== "video")) return last;
  const { type, preset } = result;
  return presets.findIndex((identities) => identities[type].name === preset);
}

/** Failed inputs are tried again, and so are parts. Of two lines for one file the later counts. */
function remember(found: Map<string, Judged[]>, result: Result, index: number): void {
  const key = index < 0 ? undefined : keyOf(result.input);
  if (key === undefined || (result.type !== "image" && result.type !== "video")) return;
  if (result.type === "video" && result.partial === true) return;
  const { score, trusted } = result;
  const results = found.get(key) ?? [];
  results[index] = { score, trusted };
  found.set(key, results);
}
