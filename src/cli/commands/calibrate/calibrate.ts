import { jsonDocument } from "../../../results/write.js";
import { expected } from "../../../util/expected.js";
import type { TonescoreError } from "../../../errors.js";
import { calibrate } from "../../../evaluate/calibration/calibration.js";
import type { Calibration } from "../../../evaluate/calibration/document.js";
import type { Dataset } from "../../../evaluate/datasets/loadDataset.js";
import type { System } from "../../../evaluate/evaluate.js";
import { resolve } from "../../../options/option.js";
import { optionsIn } from "../../command.js";
import { exitCodes } from "../../exit.js";
import { namedFiles } from "../../options/shared.js";
import { completeFileOutput, streamOutput } from "../../output/output.js";
import { checkTargets, type Target } from "../../output/outputTarget.js";
import { filesOf, ifStopped, readDataset, readSystems } from "../../systems/readSystems.js";
import { runCommand } from "../../terminal/commandRun.js";
import type { Dependencies, Io } from "../../terminal/io.js";
import { type CalibrateFlags, calibrateOptions } from "./options.js";

const options = optionsIn(calibrateOptions);

/** Fits a map from scores to a MOS scale, and gives the exit code. */
export const run = (
  [path]: readonly string[],
  flags: CalibrateFlags,
  io: Io,
  dependencies: Dependencies,
): Promise<number> =>
  runCommand(
    io,
    flags,
    async (run) => {
      checkOne([flags.model, flags.preset, flags.fromLogits]);
      const { method, folds, seed, output } = resolve(options, flags);
      const listed = await readDataset(path, flags);
      const target: Target = { path: output, option: "-o", content: "calibration" };
      await checkTargets([target], [...filesOf(listed), ...namedFiles(options, flags)]);
      const { dataset, systems } = await readSystems(listed, flags, run, dependencies);
      const system = only(systems);
      const rows = rowsOf(dataset, system);
      const leftOut = leftOutOf(dataset, rows.length);
      const about = leftOut === undefined ? "" : `: ${leftOut}`;
      const calibration = await calibrate(rows, system, dataset, { method, folds, seed, about });
      const file = await completeFileOutput(output, "calibration");
      await file.write(jsonDocument(calibration));
      await file.finish();
      await streamOutput(io.stdout).write(summary(calibration, output));
      if (leftOut !== undefined) run.messages.note(leftOut);
      return rows.length < dataset.rows.length ? exitCodes.someFailed : exitCodes.ok;
    },
    ifStopped(flags),
  );

/** `of 24 listed, 2 are not there and 3 have no score, and are left out`; undefined where all were used. */
function leftOutOf({ rows, missing }: Dataset, used: number): string | undefined {
  const failed = rows.length - used;
  const parts = [
    ...(missing > 0 ? [`${missing} ${missing === 1 ? "is" : "are"} not there`] : []),
    ...(failed > 0 ? [`${failed} ${failed === 1 ? "has" : "have"} no score`] : []),
  ];
  if (parts.length === 0) return undefined;
  return `of ${rows.length + missing} listed, ${parts.join(" and ")}, and ${failed + missing === 1 ? "is" : "are"} left out`;
}

/** Before anything is scored. */
function checkOne(sources: readonly (readonly unknown[] | undefined)[]): void {
  for (const source of sources) if (source && source.length > 1) throw notOne(source.length);
}

function only(systems: readonly System[]): System {
  const [system, ...others] = systems;
  if (system && others.length === 0) return system;
  throw notOne(systems.length);
}

const notOne = (count: number): TonescoreError =>
  expected("one model and preset", {
    for: "a calibration",
    but: `${count} are asked for`,
    remedy: "Fit one after the other.",
  });

const rowsOf = ({ rows }: Dataset, { scores }: System) =>
  rows.flatMap(({ path, mos }) => {
    const score = scores.get(path);
    return score === undefined ? [] : [{ path, mos, score }];
  });

function summary(
  { scale, map, crossValidation: held, lowest, highest }: Calibration,
  output: string,
): string {
  const range = `${lowest} to ${highest}`;
  return (
    `${map.method} map to the ${scale} (${range}), written to ${output}\n` +
    `On files it was not fitted to (${held.folds} folds, seed ${held.seed}, n = ${held.n}): ` +
    `SRCC ${held.srcc.toFixed(3)}, PLCC ${held.plcc.toFixed(3)}, RMSE ${held.rmse.toFixed(3)}, mean error ${held.mae.toFixed(3)}\n`
  );
}
