import type { PictureSource } from "../../../report/pictures/pictureSource.js";
import { type StoredDocument, readDocument } from "../../../results/readResults.js";
import { optionsIn } from "../../command.js";
import { exitCodes } from "../../exit.js";
import { namedFiles } from "../../options/shared.js";
import { checkTargets, type Target } from "../../output/outputTarget.js";
import { ReportFile } from "../../output/reportFile.js";
import { storedPictures } from "../../output/storedPictures.js";
import { writeScoresReport } from "../../output/writeScoresReport.js";
import { runCommand } from "../../terminal/commandRun.js";
import type { Io } from "../../terminal/io.js";
import { type ReportFlags, reportOptions } from "./options.js";

/** Makes a page of what a command found earlier, and gives the exit code. */
export const run = ([path = ""]: readonly string[], flags: ReportFlags, io: Io): Promise<number> =>
  runCommand(io, flags, async ({ signal }) => {
    const target: Target = { path: flags.output, option: "-o", content: "page" };
    await checkTargets([target], [path, ...namedFiles(optionsIn(reportOptions), flags)]);
    const { ffmpeg, pictures } = flags;
    const source = storedPictures([path], ffmpeg, { more: pictures ?? [] });
    await writePage(await readDocument(path), source, flags, io, signal);
    return exitCodes.ok;
  });

async function writePage(
  found: StoredDocument,
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
