import { realpathSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { TonescoreError } from "../errors.js";
import { STDIN } from "../media/inputs/input.js";
import { checkNamedFile, FileProblem } from "../util/namedFile.js";
import type { ImageResult, PresetIdentities, RunHeader, ScoreFields, VideoResult } from "./result.js";
import { type Line, readLines } from "./lines.js";
import { entryOf } from "./read.js";
import type { StoredEntry } from "./stored.js";
import { HEADER_START } from "./write.js";
import { differences } from "./headerDifferences.js";

/** Of a result as much as a run that goes on must know. */
type EarlierResult = Pick<ScoreFields, "score" | "trusted">;

/** What an earlier run, killed at any moment, has left in its results file. */
export interface Earlier {
  /** The bytes to keep; what stands behind them is a line that was never finished. */
  readonly end: number;
  /** What the file holds for an input as it is now, for each preset; undefined where one of them lacks. */
  resultsOf(input: FileState): readonly EarlierResult[] | undefined;
}

interface FileState {
  readonly path?: string;
  readonly size?: number;
  readonly mtimeMs?: number;
}

function resumeError(path: string, problem: string, cause?: unknown): TonescoreError {
  return new TonescoreError("ERR_RESUME", `Cannot resume ${path}: ${problem}`, { cause });
}

/** Tells inputs apart by what their paths lead to now, however they were written then. */
class Keys {
  readonly #folders = new Map<string, string>();

  /** Undefined for what is never known to be the same, as what comes on standard input. */
  of({ path, size, mtimeMs }: FileState): string | undefined {
    if (path === undefined || path === STDIN || size === undefined || mtimeMs === undefined) return undefined;
    const whole = resolve(path);
    return JSON.stringify([this.#folder(dirname(whole)), basename(whole).normalize("NFC"), size, mtimeMs]);
  }

  /** With its links followed. A link to a file, in contrast, is an input of its own. */
  #folder(path: string): string {
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    const folder = realFolder(path).normalize("NFC");
    this.#folders.set(path, folder);
    return folder;
  }
}

function realFolder(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path; // gone since
  }
}

function checkHeader(path: string, line: Line, header: RunHeader): void {
  const written = headerOf(line);
  if (written === undefined) {
    throw resumeError(
      path,
      "its first line is not the header of a tonescore run. Name another file with -o.",
    );
  }
  const differing = differences(written, header);
  if (differing.length === 0) return;
  const list = differing.map((difference) => `\n  ${difference}`).join("");
  throw resumeError(path, `it was written with other settings:${list}\nUse those, or another file.`);
}

function headerOf(line: Line): RunHeader | undefined {
  try {
    const entry = entryOf(line, "scores");
    return entry.type === "header" ? entry : undefined;
  } catch (error) {
    if (error instanceof FileProblem) return undefined; // told as for any other file that is not ours
    throw error;
  }
}

/** The header itself may be torn, but only a piece of a header may be thrown away. */
function isTornHeader({ bytes, complete }: Line): boolean {
  const start = bytes.toString("latin1", 0, HEADER_START.length);
  return !complete && HEADER_START.startsWith(start);
}

/**
 * Reads the results file of a run that is to go on; a file that is not there or is empty starts one.
 * @throws {TonescoreError} `ERR_RESUME` where the file is something else, or has other settings in its header.
 */
export async function readEarlier(path: string, header: RunHeader): Promise<Earlier> {
  const presets = [header.presets, ...(header.alsoPresets ?? [])];
  const keys = new Keys();
  const found = new Map<string, EarlierResult[]>();
  let end = 0;
  for await (const line of linesOf(path)) {
    if (line.number === 1) {
      if (isTornHeader(line)) break;
      checkHeader(path, line, header);
    } else {
      if (!line.complete) break;
      const result = parseResult(path, line);
      const index = presetIndex(presets, result);
      if (isWhole(result) && index >= 0) remember(found, keys.of(result.input), result, index);
      // An input's results stand together; where some are lacking, all are scored again.
      if (index < presets.length - 1) continue;
    }
    end = line.end;
  }
  return {
    end,
    resultsOf: (input) => {
      const key = keys.of(input);
      const results = key === undefined ? undefined : found.get(key);
      return results && Object.keys(results).length === presets.length ? results : undefined;
    },
  };
}

async function* linesOf(path: string): AsyncGenerator<Line> {
  try {
    await checkNamedFile(path);
    yield* readLines(path);
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    if (!error.notFound) throw resumeError(path, `${error.message}.`, error);
  }
}

function parseResult(path: string, line: Line): StoredEntry {
  try {
    return entryOf(line, "scores");
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    throw resumeError(path, `${error.message}. Remove that line, or name another file.`, error);
  }
}

/** Which preset of the run a result is of; an error is of all, and what a stream gives by the way is of none. */
function presetIndex(presets: readonly PresetIdentities[], result: StoredEntry): number {
  const last = presets.length - 1;
  if (last === 0 || (result.type !== "image" && result.type !== "video")) return last;
  const { type, preset } = result;
  return presets.findIndex((identities) => identities[type].name === preset);
}

/** Failed inputs are tried again, and so are parts. */
const isWhole = (result: StoredEntry): result is ImageResult | VideoResult =>
  result.type === "image" || (result.type === "video" && result.partial !== true);

/** Of two results for one file the later counts. */
function remember(
  found: Map<string, EarlierResult[]>,
  key: string | undefined,
  { score, trusted }: ImageResult | VideoResult,
  index: number,
): void {
  if (key === undefined) return;
  const results = found.get(key) ?? [];
  results[index] = { score, trusted };
  found.set(key, results);
}
