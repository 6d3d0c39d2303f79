import type { Input } from "../../../media/inputs/input.js";
import { findInputs } from "../../../media/inputs/findInputs.js";
import { LeftOut } from "../../../media/inputs/leftOut.js";
import type { PresetPair } from "../../../prompts/choosePresets.js";
import { readResults } from "../../../results/readResults.js";
import { type Earlier, readEarlier } from "../../../results/resume.js";
import type { Result, RunHeader, RunningScore, StreamFrame } from "../../../results/result.js";
import { optionsIn } from "../../command.js";
import { exitCodeOfRun } from "../../exit.js";
import { describePreset, readPresets } from "../../options/runPresets.js";
import { namedFiles } from "../../options/shared.js";
import { createFormat } from "../../output/formats/createFormat.js";
import type { Format } from "../../output/formats/format.js";
import {
  appendOutput,
  completeFileOutput,
  fileOutput,
  streamOutput,
  type Output,
} from "../../output/output.js";
import { checkTargets, type Target, wanted } from "../../output/outputTarget.js";
import { ReportFile } from "../../output/reportFile.js";
import { ResultWriter } from "../../output/resultWriter.js";
import { storedPictures } from "../../output/storedPictures.js";
import { writeScoresReport } from "../../output/writeScoresReport.js";
import { type CommandRun, isOutputError, runCommand } from "../../terminal/commandRun.js";
import type { BatchScorer, Dependencies, Io } from "../../terminal/io.js";
import { Reporter } from "../../terminal/reporter.js";
import { styleFor } from "../../terminal/style.js";
import { type Calibrated, loadCalibration } from "./calibrated.js";
import { type ScoreFlags, scoreOptions } from "./options.js";
import { readSettings, type Settings } from "./settings.js";

interface ScoreRun {
  readonly settings: Settings;
  readonly io: Io;
  readonly run: CommandRun;
  readonly reporter: Reporter;
  readonly presets: readonly PresetPair[];
  readonly inputs: readonly Input[];
  readonly found: ReportData;
  readonly calibrated: Calibrated | undefined;
}

/** What a report is made of. */
interface ReportData {
  header: RunHeader | undefined;
  readonly results: Result[];
}

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
      await run.withScorer(dependencies, settings.scorer, presets, (scorer) => scoreWith(scorer, scored));
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

/** A run that was gone on with is shown whole, and one that was stopped as far as it came. */
async function writeReport(file: ReportFile, { found, settings, inputs, io, run }: ScoreRun): Promise<void> {
  const { resume, output, scorer, shown } = settings;
  const { ffmpeg } = scorer;
  const earlier = resume ? output : undefined;
  const results = earlier === undefined ? found : await readResults(earlier, "report");
  const source = earlier === undefined ? { ffmpeg } : storedPictures([earlier], ffmpeg, { own: inputs });
  const signal = run.stopped === undefined ? run.signal : undefined;
  try {
    await writeScoresReport(file, results, io, { quiet: shown.quiet, source, signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}

async function scoreWith(scorer: BatchScorer, scored: ScoreRun): Promise<void> {
  const { settings, inputs, reporter, run } = scored;
  const header = await makeHeader(scorer, scored);
  scored.found.header = header;
  const earlier =
    header && settings.resume && settings.output !== undefined
      ? await readEarlier(settings.output, header)
      : undefined;
  const todo = inputs.filter((input) => {
    const results = earlier?.resultsOf(input);
    if (results) reporter.tally.addEarlier(results);
    return !results;
  });
  const writer = new ResultWriter(await makeFormat(scored, header), await openOutput(scored, earlier));
  try {
    if (!earlier || earlier.end === 0) await writer.start();
    await scoreAll(scorer, todo, writer, scored);
  } finally {
    run.progress.finish();
    await writer.close();
  }
}

/** The files' hashes take a while where the model is large, so they are left out where nothing shows them. */
async function makeHeader(
  scorer: BatchScorer,
  { settings, calibrated }: ScoreRun,
): Promise<RunHeader | undefined> {
  const { format, report } = settings;
  if (format !== "json" && format !== "ndjson" && report === undefined && !calibrated) return undefined;
  const [first, ...others] = await scorer.headersByPreset();
  const alsoPresets = others.map((header) => header.presets);
  return first && { ...first, ...(others.length > 0 && { alsoPresets }), settings: settings.recorded };
}

function makeFormat(
  { settings, io, presets, inputs, reporter }: ScoreRun,
  header: RunHeader | undefined,
): Promise<Format> {
  const { scale, onTerminal } = settings.shown;
  return createFormat(settings.format, {
    ...(header && { header }),
    presets: presets.map(describePreset),
    paths: inputs.map((input) => input.path),
    videos: inputs.some((input) => "kind" in input && input.kind === "video"),
    shown: scale,
    style: styleFor(io.stdout, onTerminal),
    columns: () => (onTerminal ? io.stdout.columns : undefined),
    summary: () => reporter.summary(inputs.length),
  });
}

function openOutput({ settings, io }: ScoreRun, earlier: Earlier | undefined): Promise<Output> {
  const { output, format } = settings;
  if (output === undefined) return Promise.resolve(streamOutput(io.stdout));
  if (earlier) return appendOutput(output, earlier.end);
  return format === "json" ? completeFileOutput(output, "scores") : fileOutput(output, "scores");
}

async function scoreAll(
  scorer: BatchScorer,
  inputs: readonly Input[],
  writer: ResultWriter,
  { settings, reporter, run, found, calibrated }: ScoreRun,
): Promise<void> {
  const { progress } = run;
  const onFrame = (frames: number): void => {
    progress.frames(frames);
  };
  const write = async (event: StreamFrame | RunningScore): Promise<void> => {
    const shown = calibrated && found.header ? calibrated.applyToEvent(event, found.header) : event;
    if (!shown) return;
    progress.clear();
    await writer.event(shown);
    if (shown.type === "frame") reporter.live(shown);
  };
  // What was seen of a stream until the run is stopped is a result; all else that is under way is given up.
  const streams = { onStreamFrame: write, onRunningScore: write };
  const options = { ...settings.video, ...streams, stop: run.signal, onFrame };
  progress.start(inputs.map((input) => input.path));
  let cutOff = false;
  for await (const scored of scorer.scoreAllByPreset(inputs, options)) {
    const results = oneOrEach(scored).map((result) =>
      calibrated && found.header ? calibrated.apply(result, found.header, calibrated.calibration) : result,
    );
    cutOff ||= results.some((result) => result.type === "error" && result.error.code === "ERR_ABORTED");
    // Results keep the order of their inputs, also where a run is gone on with; a stream is not asked again.
    if (cutOff && !results.some((result) => result.type === "video" && result.partial)) continue;
    progress.clear();
    await writer.add(results);
    reporter.results(results);
    if (settings.report !== undefined) found.results.push(...results);
  }
}

/** What fails fails for every preset, and is told once. */
const oneOrEach = (results: readonly Result[]): readonly Result[] =>
  results[0]?.type === "error" ? results.slice(0, 1) : results;
