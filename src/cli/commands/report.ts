import { exitCodes } from "../exit.js";
import { Interrupt } from "../interrupt.js";
import type { Io } from "../io.js";
import { checkTargets, type Target } from "../outputTarget.js";
import { namedFiles } from "../namedFiles.js";
import { createMessages } from "../messages.js";
import { type Found, readFound } from "../readResults.js";
import type { PictureSource } from "../../report/pictureSource.js";
import { storedPictures } from "../storedPictures.js";
import { ReportFile } from "../reportFile.js";
import { writeScoresReport } from "../writeScoresReport.js";

export interface ReportFlags {
  readonly output: string;
  readonly ffmpeg?: string;
  readonly pictures?: readonly string[];
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
    const { ffmpeg, pictures } = flags;
    const source = storedPictures([path], ffmpeg, { more: pictures ?? [] });
    await writePage(await readFound(path), source, flags, io, interrupt.signal);
    return exitCodes.ok;
  } catch (error) {
    if (interrupt.exitCode === undefined) throw error;
    return interrupt.exitCode;
  }
}

async function writePage(
  found: Found,
  source: PictureSource,
  flags: ReportFlags,
  io: Io,
  signal: AbortSignal,
): Promise<void> {
  const { output, quiet = false } = flags;
  await using file = await ReportFile.open(output);
  const base = file.folder;
  if (found.type === "results") await writeScoresReport(file, found, io, { quiet, source, signal });
  else if (found.type === "comparison") {
    const { comparisonReport } = await import("../../report/comparisonReport.js");
    await file.write(comparisonReport({ comparison: found.comparison, base, source }), signal);
  } else {
    const { evaluationReport } = await import("../../report/evaluationReport.js");
    await file.write(evaluationReport({ report: found.evaluation, base, source }), signal);
  }
}
