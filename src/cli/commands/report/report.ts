import { exitCodes } from "../../exit.js";
import { Interrupt } from "../../terminal/interrupt.js";
import type { Io } from "../../terminal/io.js";
import { checkTargets, type Target } from "../../output/outputTarget.js";
import { namedFiles } from "../../options/namedFiles.js";
import { createMessages } from "../../terminal/messages.js";
import { type Found, readFound } from "../../../results/readResults.js";
import type { PictureSource } from "../../../report/pictures/pictureSource.js";
import { storedPictures } from "../../output/storedPictures.js";
import { ReportFile } from "../../output/reportFile.js";
import { writeScoresReport } from "../../output/writeScoresReport.js";

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
    const { comparisonReport } = await import("../../../report/pages/comparisonReport.js");
    await file.write(comparisonReport({ comparison: found.comparison, base, source }), signal);
  } else {
    const { evaluationReport } = await import("../../../report/pages/evaluationReport.js");
    await file.write(evaluationReport({ report: found.evaluation, base, source }), signal);
  }
}
