import type { Io } from "../terminal/io.js";
import { Progress } from "../terminal/progress.js";
import type { Results } from "../../results/gather.js";
import type { PictureSource } from "../../report/pictures/pictureSource.js";
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
  const { scoresReport } = await import("../../report/pages/scoresReport.js");
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
