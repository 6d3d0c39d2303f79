import { checkUnseen, readCalibration } from "../../../evaluate/calibration/calibration.js";
import { checkFits } from "../../../evaluate/calibration/fits.js";
import { applyMap } from "../../../evaluate/calibration/map.js";
import { calibratedScale } from "../../../evaluate/calibration/scale.js";
import { evaluate, type System } from "../../../evaluate/evaluate.js";
import { isFolder } from "../../../media/inputs/source.js";
import { resolve } from "../../../options/option.js";
import type { Evaluation } from "../../../results/evaluation.js";
import { optionsIn } from "../../command.js";
import { exitCodes } from "../../exit.js";
import { namedFiles } from "../../options/shared.js";
import { checkTargets, type Target, wanted } from "../../output/outputTarget.js";
import { ReportFile } from "../../output/reportFile.js";
import { storedPictures } from "../../output/storedPictures.js";
import { filesOf, ifStopped, readDataset, readSystems } from "../../systems/readSystems.js";
import type { Systems } from "../../systems/systemsFromLogits.js";
import { type CommandRun, runCommand } from "../../terminal/commandRun.js";
import type { Dependencies, Io } from "../../terminal/io.js";
import { writeReport } from "./formats.js";
import { type EvaluateFlags, evaluateOptions } from "./options.js";
import { printQbench } from "./printQbench.js";

const options = optionsIn(evaluateOptions);

/** Holds scores against a dataset's MOS, and gives the exit code. */
export const run = (
  [path]: readonly string[],
  flags: EvaluateFlags,
  io: Io,
  dependencies: Dependencies,
): Promise<number> =>
  runCommand(
    io,
    flags,
    async (run) => {
      const { bootstrap: resamples, seed } = resolve(options, flags);
      const dataset = await readDataset(path, flags);
      await checkTargets(targetsOf(flags), [...filesOf(dataset), ...namedFiles(options, flags)]);
      const { ffmpeg, fromLogits = [] } = flags;
      if (dataset === undefined && (await isFolder(fromLogits[0] ?? ""))) return printQbench(flags, io);
      await using page = flags.report === undefined ? undefined : await ReportFile.open(flags.report);
      const systems = await calibrated(
        await readSystems(dataset, flags, run, dependencies),
        flags.calibration,
      );
      const report = evaluate(systems.dataset, systems.systems, { resamples, seed });
      await writeReport(report, flags, io);
      if (page) {
        const source = dataset ? { ffmpeg } : storedPictures(fromLogits, ffmpeg);
        const { evaluationReport } = await import("../../../report/pages/evaluationReport.js");
        await page.write(evaluationReport({ report, base: page.folder, source }), run.signal);
      }
      return exitCodeOf(report, run);
    },
    ifStopped(flags),
  );

const targetsOf = ({ output, report, format }: EvaluateFlags): Target[] =>
  wanted([
    output !== undefined && {
      ...{ path: output, option: "-o", content: "evaluation", formatGiven: format !== undefined },
    },
    report !== undefined && { path: report, option: "--report", content: "page" },
  ]);

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

function exitCodeOf({ dataset: { failed, missing } }: Evaluation, { messages }: CommandRun): number {
  if (missing > 0) messages.note(`${missing} listed files are not there and were left out`);
  if (failed === 0) return exitCodes.ok;
  messages.note(`${failed} files have no score and were left out`);
  return exitCodes.someFailed;
}
