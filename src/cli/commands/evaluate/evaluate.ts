import { stat } from "node:fs/promises";
import { checkUnseen, readCalibration } from "../../../evaluate/calibration/calibration.js";
import { checkFits } from "../../../evaluate/calibration/fits.js";
import { calibratedScale } from "../../../evaluate/calibration/scale.js";
import { applyMap } from "../../../evaluate/calibration/map.js";
import { evaluate, type System } from "../../../evaluate/evaluate.js";
import type { EvaluationReport } from "../../../results/evaluation.js";
import { writeReport } from "./formats.js";
import type { EvaluateFlags } from "../../systems/options.js";
import { printQbench } from "./printQbench.js";
import { filesOf, readDataset, readSystems } from "../../systems/readSystems.js";
import type { Systems } from "../../systems/systemsFromLogits.js";
import { type Watch, watching } from "../../terminal/watch.js";
import { exitCodes } from "../../exit.js";
import type { Dependencies, Io } from "../../terminal/io.js";
import { checkTargets, type Target, wanted } from "../../output/outputTarget.js";
import { namedFiles } from "../../options/namedFiles.js";
import { storedPictures } from "../../output/storedPictures.js";
import { ReportFile } from "../../output/reportFile.js";

/** Holds scores against a dataset's MOS, and gives the exit code. */
export async function evaluateCommand(
  path: string | undefined,
  flags: EvaluateFlags,
  io: Io,
  dependencies: Dependencies,
): Promise<number> {
  return await watching(flags, io, async (watch) => {
    const dataset = await readDataset(path, flags);
    await checkTargets(targetsOf(flags), [...filesOf(dataset), ...namedFiles(flags)]);
    if (dataset === undefined && (await isFolder(flags.fromLogits))) return printQbench(flags, io);
    await using page = flags.report === undefined ? undefined : await ReportFile.open(flags.report);
    const systems = await calibrated(
      await readSystems(dataset, flags, watch, dependencies),
      flags.calibration,
    );
    const { bootstrap: resamples, seed } = flags;
    const report = evaluate(systems.dataset, systems.systems, { resamples, seed });
    await writeReport(report, flags, io);
    if (page) {
      const { ffmpeg, fromLogits = [] } = flags;
      const source = dataset ? { ffmpeg } : storedPictures(fromLogits, ffmpeg);
      const { evaluationReport } = await import("../../../report/pages/evaluationReport.js");
      await page.write(evaluationReport({ report, base: page.folder, source }), watch.signal);
    }
    return exitCodeOf(report, watch);
  });
}

const targetsOf = ({ output, report, format }: EvaluateFlags): Target[] =>
  wanted([
    output !== undefined && {
      ...{ path: output, option: "-o", content: "evaluation", formatGiven: format !== undefined },
    },
    report !== undefined && { path: report, option: "--report", content: "page" },
  ]);

async function isFolder([path]: readonly string[] = []): Promise<boolean> {
  return (
    path !== undefined &&
    (await stat(path).then(
      (stats) => stats.isDirectory(),
      () => false,
    ))
  );
}

/** The scores on the scale of a calibration, which must not have seen the files. */
async function calibrated({ dataset, systems }: Systems, file: string | undefined): Promise<Systems> {
  if (file === undefined) return { dataset, systems };
  const calibration = await readCalibration(file);
  for (const system of systems) checkFits(calibration, system);
  await checkUnseen(
    calibration,
    dataset.rows.map(({ path }) => path),
  );
  const onScale = (system: System): System => ({
    ...system,
    scale: calibratedScale(calibration),
    scores: new Map([...system.scores].map(([path, score]) => [path, applyMap(calibration.map, score)])),
  });
  return { dataset, systems: systems.map(onScale) };
}

function exitCodeOf({ dataset: { failed, missing } }: EvaluationReport, { messages }: Watch): number {
  if (missing > 0) messages.note(`${missing} listed files are not there and were left out`);
  if (failed === 0) return exitCodes.ok;
  messages.note(`${failed} files have no score and were left out`);
  return exitCodes.someFailed;
}
