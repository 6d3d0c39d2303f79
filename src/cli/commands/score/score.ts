import { TonescoreError } from "../../../errors.js";
import type { Input } from "../../../media/inputs/input.js";
import { findInputs } from "../../../media/inputs/findInputs.js";
import { LeftOut } from "../../../media/inputs/leftOut.js";
import type { Result, RunHeader, RunningScore, StreamFrame } from "../../../results/result.js";
import { type Calibrated, loadCalibration } from "./calibrated.js";
import { exitCodeOfRun } from "../../exit.js";
import { type Format } from "../../output/formats/format.js";
import { createFormat } from "../../output/formats/createFormat.js";
import { Interrupt } from "../../terminal/interrupt.js";
import type { BatchScorer, Dependencies, Io } from "../../terminal/io.js";
import {
  appendOutput,
  completeFileOutput,
  fileOutput,
  streamOutput,
  type Output,
} from "../../output/output.js";
import { checkTargets, type Target, wanted } from "../../output/outputTarget.js";
import { namedFiles } from "../../options/namedFiles.js";
import { readResults } from "../../../results/readResults.js";
import { Reporter } from "../../terminal/reporter.js";
import { ReportFile } from "../../output/reportFile.js";
import { readEarlier, type Earlier } from "../../../results/resume.js";
import { ResultWriter } from "../../output/resultWriter.js";
import { type RunPreset, runPresets } from "../../options/runPresets.js";
import type { ScoreFlags } from "../../options/scoreOptions.js";
import { readSettings, type Settings } from "../../options/settings.js";
import { storedPictures } from "../../output/storedPictures.js";
import { styleFor } from "../../terminal/style.js";
import { writeScoresReport } from "../../output/writeScoresReport.js";

interface Run {
  readonly settings: Settings;
  readonly io: Io;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly presets: readonly RunPreset[];
  readonly inputs: readonly Input[];
  readonly found: Found;
  readonly calibrated: Calibrated | undefined;
}

/** What a report is made of. */
interface Found {
  header: RunHeader | undefined;
  readonly results: Result[];
}

/** Scores what the user pointed at, and gives the exit code. */
export async function score(
  patterns: readonly string[],
  flags: ScoreFlags,
  io: Io,
  { createScorer }: Dependencies,
): Promise<number> {
  const calibrated = await loadCalibration(flags.calibration);
  const settings = readSettings(flags, io.stdout.isTTY === true, calibrated?.calibration);
  const presets = await runPresets(settings.scorer);
  const found: Found = { header: undefined, results: [] };
  const names = presets.map(({ image }) => image);
  const reporter = new Reporter(settings, io.stderr, names);
  using interrupt = new Interrupt(io, reporter.messages.note);
  const { signal } = interrupt;
  const inputs: Input[] = [];
  try {
    const leftOut = new LeftOut();
    for await (const input of findInputs(patterns, { signal, onLeftOut: leftOut.add })) inputs.push(input);
    reporter.leftOut(leftOut);
  } catch (error) {
    if (interrupt.exitCode === undefined) throw error;
  }
  await checkTargets(targetsOf(settings, flags), [...inputs, ...namedFiles(flags)]);
  await using report = settings.report === undefined ? undefined : await ReportFile.open(settings.report);
  try {
    const onLoad = (fraction: number): void => {
      reporter.progress.phase("loading the model", fraction);
    };
    const scorer = await createScorer({ ...settings.scorer, signal, onLoad });
    try {
      await runWith(scorer, { settings, io, reporter, signal, presets, inputs, found, calibrated });
    } finally {
      await scorer.close();
    }
  } catch (error) {
    if (interrupt.exitCode === undefined || isOutputError(error)) throw error;
  } finally {
    reporter.progress.stop();
  }
  reporter.end(inputs.length, interrupt.exitCode !== undefined);
  if (report) await writeReport(report, found, settings, inputs, io, interrupt);
  const { failed, partial, refused } = reporter.tally;
  return exitCodeOfRun({ failed: failed + partial, refused, interrupted: interrupt.exitCode });
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
async function writeReport(
  file: ReportFile,
  found: Found,
  { resume, output, quiet, scorer: { ffmpeg } }: Settings,
  inputs: readonly Input[],
  io: Io,
  interrupt: Interrupt,
): Promise<void> {
  const earlier = resume ? output : undefined;
  const results = earlier === undefined ? found : await readResults(earlier, "report");
  const source = earlier === undefined ? { ffmpeg } : storedPictures([earlier], ffmpeg, { own: inputs });
  const signal = interrupt.exitCode === undefined ? interrupt.signal : undefined;
  try {
    await writeScoresReport(file, results, io, { quiet, source, signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}

/** After Ctrl-C, every other error is only a consequence of it. */
const isOutputError = (error: unknown): boolean =>
  error instanceof TonescoreError && error.code === "ERR_OUTPUT";

async function runWith(scorer: BatchScorer, run: Run): Promise<void> {
  const { settings, inputs, reporter } = run;
  const header = await makeHeader(scorer, run);
  run.found.header = header;
  const earlier =
    header && settings.resume && settings.output !== undefined
      ? await readEarlier(settings.output, header)
      : undefined;
  const todo = inputs.filter((input) => {
    const results = earlier?.resultsOf(input);
    if (results) reporter.tally.addEarlier(results);
    return !results;
  });
  const writer = new ResultWriter(await makeFormat(run, header), await openOutput(run, earlier));
  try {
    if (!earlier || earlier.end === 0) await writer.start();
    await scoreAll(scorer, todo, writer, run);
  } finally {
    reporter.progress.stop();
    await writer.close();
  }
}

/** The files' hashes take a while where the model is large, so they are left out where nothing shows them. */
async function makeHeader(
  scorer: BatchScorer,
  { settings, calibrated }: Run,
): Promise<RunHeader | undefined> {
  const { format, report } = settings;
  if (format !== "json" && format !== "ndjson" && report === undefined && !calibrated) return undefined;
  const [first, ...others] = await scorer.headersByPreset();
  const alsoPresets = others.map((header) => header.presets);
  return first && { ...first, ...(others.length > 0 && { alsoPresets }), settings: settings.run };
}

function makeFormat(
  { settings, io, presets, inputs, reporter }: Run,
  header: RunHeader | undefined,
): Promise<Format> {
  const { shown, onTerminal } = settings;
  return createFormat(settings.format, {
    ...(header && { header }),
    presets,
    paths: inputs.map((input) => input.path),
    videos: inputs.some((input) => "kind" in input && input.kind === "video"),
    shown,
    style: styleFor(io.stdout, onTerminal),
    columns: () => (onTerminal ? io.stdout.columns : undefined),
    summary: () => reporter.summary(inputs.length),
  });
}

function openOutput({ settings, io }: Run, earlier: Earlier | undefined): Promise<Output> {
  const { output, format } = settings;
  if (output === undefined) return Promise.resolve(streamOutput(io.stdout));
  if (earlier) return appendOutput(output, earlier.end);
  return format === "json" ? completeFileOutput(output, "scores") : fileOutput(output, "scores");
}

async function scoreAll(
  scorer: BatchScorer,
  inputs: readonly Input[],
  writer: ResultWriter,
  { settings, reporter, signal, found, calibrated }: Run,
): Promise<void> {
  const { progress } = reporter;
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
  const options = { ...settings.video, ...streams, stop: signal, onFrame };
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
