import type { Io } from "../io.js";
import { readResults } from "../readResults.js";
import { ReportFile } from "../reportFile.js";
import { writeScoresReport } from "../writeScoresReport.js";

export interface ReportFlags {
  readonly output: string;
  readonly ffmpeg?: string;
  readonly quiet?: boolean;
}

/** Makes a page of results that are there already. */
export async function report(path: string, flags: ReportFlags, io: Io): Promise<void> {
  const { output, ffmpeg, quiet = false } = flags;
  const results = await readResults(path);
  await using file = await ReportFile.open(output);
  await writeScoresReport(file, results, io, { quiet, ffmpeg });
}
