import type { Input } from "../../../media/inputs/input.js";
import { findInputs } from "../../../media/inputs/findInputs.js";
import { LeftOut } from "../../../media/inputs/leftOut.js";
import type { Results } from "../../../results/gather.js";
import { optionsIn } from "../../command.js";
import { exitCodeOfRun } from "../../exit.js";
import { readPresets } from "../../options/runPresets.js";
import { namedFiles } from "../../options/shared.js";
import { checkTargets, type Target, wanted } from "../../output/outputTarget.js";
import { ReportFile } from "../../output/reportFile.js";
import { storedPictures } from "../../output/storedPictures.js";
import { writeScoresReport } from "../../output/writeScoresReport.js";
import { type CommandRun, isOutputError, runCommand } from "../../terminal/commandRun.js";
import type { Dependencies, Io } from "../../terminal/io.js";
import { Reporter } from "../../terminal/reporter.js";
import { loadCalibration } from "./calibrated.js";
import { type ScoreFlags, scoreOptions } from "./options.js";
import { type ReportData, type ScoreRun, scoreWith } from "./scoreInputs.js";
import { readSettings, type Settings } from "./settings.js";

/** Scores what the user pointed at, and gives the exit code. */
export const run = (
  patterns: readonly string[],
  flags: ScoreFlags,
  io: Io,
  dependencies: Dependencies,
): Promise<number> =>
  runCommand(io, flags, async (run) => {
    const calibrated = await loadCalibration(flags.calibration);
    const settings = readSettings(flags, io.stdout.isTTY === true, calibrated?.calibration);
    const presets = await readPresets(settings.scorer);
    const names = presets.map(({ image }) => image.name);
    const reporter = new Reporter(run, settings.shown, names);
    const inputs = await listInputs(patterns, run, reporter);
    await checkTargets(targetsOf(settings, flags), [
      ...inputs,
      ...namedFiles(optionsIn(scoreOptions), flags),
    ]);
    await using report = settings.report === undefined ? undefined : await ReportFile.open(settings.report);
    const found: ReportData = { header: undefined, results: [] };
    const scored = { settings, io, run, reporter, presets, inputs, found, calibrated };
    try {
      await run.withScorer(dependencies, settings.scorer, presets, inputs.length, (scorer) =>
        scoreWith(scorer, scored),
      );
    } catch (error) {
      if (run.stopped === undefined || isOutputError(error)) throw error;
    }
    reporter.end(inputs.length, run.stopped !== undefined);
    if (report) await writeReport(report, scored);
    const { failed, partial, refused } = reporter.tally;
    return exitCodeOfRun({ failed: failed + partial, refused, interrupted: run.stopped });
  });

/** As many as were found before the run was stopped. */
async function listInputs(
  patterns: readonly string[],
  { signal }: CommandRun,
  reporter: Reporter,
): Promise<Input[]> {
  const inputs: Input[] = [];
  const leftOut = new LeftOut();
  try {
    for await (const input of findInputs(patterns, { signal, onLeftOut: leftOut.add })) inputs.push(input);
    reporter.leftOut(leftOut);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return inputs;
}

const targetsOf = ({ output, report, resume }: Settings, { format }: ScoreFlags): Target[] =>
  wanted([
    output !== undefined && {
      ...{ path: output, option: "-o", content: "scores", resume },
      formatGiven: format !== undefined,
    },
    report !== undefined && { path: report, option: "--report", content: "page" },
  ]);

/** What reads results, with its schema, is loaded where there are some: most runs start anew. */
async function readEarlierResults(path: string): Promise<Results> {
  const { readResults } = await import("../../../results/readResults.js");
  return readResults(path, "report");
}

/** A run that was gone on with is shown whole, and one that was stopped as far as it came. */
async function writeReport(file: ReportFile, { found, settings, inputs, io, run }: ScoreRun): Promise<void> {
  const { resume, output, scorer, shown } = settings;
  const { ffmpeg } = scorer;
  const earlier = resume ? output : undefined;
  const results = earlier === undefined ? found : await readEarlierResults(earlier);
  const source = earlier === undefined ? { ffmpeg } : storedPictures([earlier], ffmpeg, { own: inputs });
  const signal = run.stopped === undefined ? run.signal : undefined;
  try {
    await writeScoresReport(file, results, io, { quiet: shown.quiet, source, signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}
