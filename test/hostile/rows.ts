import type { ErrorCode } from "../../src/errors.js";
import { isRecord } from "../../src/util/isRecord.js";
import type { Mutant, Verdict } from "./kind.js";

/** The codes by which an input says that it is bad; any other row is a fault of ours. */
const INPUT_ERRORS: readonly ErrorCode[] = [
  "ERR_INPUT_NOT_FOUND",
  "ERR_INPUT_UNREADABLE",
  "ERR_INPUT_UNSUPPORTED",
  "ERR_IMAGE_DECODE",
  "ERR_IMAGE_TOO_LARGE",
  "ERR_VIDEO_DECODE",
  "ERR_VIDEO_NO_STREAM",
];

/** What is wrong with the NDJSON of a run: each input must have exactly one row, with its score or an error of its own. */
export function checkRows(text: string, mutants: readonly Mutant[]): Verdict {
  const problems: string[] = [];
  let taken = 0;
  const rows = new Map<number, number>();
  for (const line of text.split("\n").filter(Boolean)) {
    const row = parse(line);
    if (row === undefined) problems.push(`a line of the results is no JSON: ${line.slice(0, 80)}`);
    if (!isRecord(row) || !["image", "video", "error"].includes(String(row.type))) continue;
    const index = indexOf(row);
    rows.set(index, (rows.get(index) ?? 0) + 1);
    if (row.type !== "error") taken++;
    problems.push(...problemsOf(row).map((problem) => `#${index}: ${problem}`));
  }
  for (const { index } of mutants) {
    const count = rows.get(index) ?? 0;
    if (count !== 1) problems.push(`#${index}: ${count} rows`);
  }
  if (rows.size > mutants.length) problems.push(`${rows.size} inputs have rows, of ${mutants.length}`);
  return { taken, problems };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Names end in their number. */
function indexOf({ input }: Record<string, unknown>): number {
  const path = isRecord(input) && typeof input.path === "string" ? input.path : "";
  return Number(/-(\d+)\.\w+$/.exec(path)?.[1] ?? -1);
}

function problemsOf({ type, error, score }: Record<string, unknown>): string[] {
  if (type !== "error") {
    return typeof score === "number" && score >= 0 && score <= 1 ? [] : [`its score is ${String(score)}`];
  }
  const code = isRecord(error) ? String(error.code) : "missing";
  return (INPUT_ERRORS as readonly string[]).includes(code) ? [] : [`its error is ${code}`];
}
