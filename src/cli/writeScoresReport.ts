import type { Io } from "./io.js";
import { Progress } from "./progress.js";
import type { Results } from "../results/results.js";
import type { PictureSource } from "../report/pictureSource.js";
import type { ReportFile } from "./reportFile.js";

export interface ReportManner {
  readonly quiet: boolean;
  readonly source: PictureSource;
  /** Ends the writing. */
  readonly signal?: AbortSignal | undefined;
}

/** Makes the page about some results, and shows how far it is: every picture is read once more. */
export async function writeScoresReport(
  file: ReportFile,
  { header, results }: Results,
  io: Io,
  { quiet, source, signal }: ReportManner,
): Promise<void> {
  const { scoresReport } = await import("../report/scoresReport.js");
  const progress = new Progress(io.stderr, !quiet);
  const onProgress = (fraction: number): void => {
    progress.phase("writing the report", fraction);
  };
  try {
    await file.write(scoresReport({ header, results, base: file.folder, source, onProgress }), signal);
  } finally {
    progress.stop();
  }
}
