import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import type { PairedComparison } from "../../compare/comparison.js";
import { TonescoreError } from "../../errors.js";
import type { EvaluationReport } from "../../evaluate/report.js";
import { accessError } from "../../media/source.js";
import { exitCodes } from "../exit.js";
import { Interrupt } from "../interrupt.js";
import type { Io } from "../io.js";
import { checkTargets, type Target } from "../outputTarget.js";
import { namedFiles } from "../namedFiles.js";
import { createMessages } from "../messages.js";
import { readResults, type Results } from "../readResults.js";
import { ReportFile } from "../reportFile.js";
import { writeScoresReport } from "../writeScoresReport.js";

export interface ReportFlags {
  readonly output: string;
  readonly ffmpeg?: string;
  readonly quiet?: boolean;
}

/** Makes a page of what a command found earlier, and gives the exit code. */
export async function report(path: string, flags: ReportFlags, io: Io): Promise<number> {
  const { quiet = false } = flags;
  const messages = createMessages(io.stderr, quiet, () => undefined);
  using interrupt = new Interrupt(io, messages.note);
  try {
    const target: Target = { path: flags.output, option: "-o", content: "page" };
    await checkTargets([target], [path, ...namedFiles(flags)]);
    await writePage(await read(path), flags, io, interrupt.signal);
    return exitCodes.ok;
  } catch (error) {
    if (interrupt.exitCode === undefined) throw error;
    return interrupt.exitCode;
  }
}

async function writePage(found: Found, flags: ReportFlags, io: Io, signal: AbortSignal): Promise<void> {
  const { output, ffmpeg, quiet = false } = flags;
  await using file = await ReportFile.open(output);
  const base = file.folder;
  if ("results" in found) await writeScoresReport(file, found, io, { quiet, ffmpeg, signal });
  else if (found.type === "comparison") {
    const { comparisonReport } = await import("../../report/comparisonReport.js");
    await file.write(comparisonReport({ comparison: found, base, ffmpeg }), signal);
  } else {
    const { evaluationReport } = await import("../../report/evaluationReport.js");
    await file.write(evaluationReport({ report: found, base, ffmpeg }), signal);
  }
}

type Found = Results | PairedComparison | EvaluationReport;

async function read(path: string): Promise<Found> {
  if (extname(path).toLowerCase() !== ".json") return readResults(path);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw accessError(path, error);
  });
  const found = parse(text) as Partial<Record<"type" | "results", unknown>> | null;
  const known = found?.type === "comparison" || found?.type === "evaluation" || Array.isArray(found?.results);
  if (known) return found as Found;
  const message = `Expected JSON that tonescore, tonescore compare or tonescore evaluate wrote, but ${path} is none.`;
  throw new TonescoreError("ERR_INPUT_UNSUPPORTED", message);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // told with all else that is not ours
  }
}
