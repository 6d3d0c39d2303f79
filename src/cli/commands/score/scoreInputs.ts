import type { BatchScorer, Io } from "../../terminal/io.js";
import type { Input } from "../../../media/inputs/input.js";
import type { PresetPair } from "../../../prompts/choosePresets.js";
import type { Earlier } from "../../../results/resume.js";
import type { Result, RunHeader, RunningScore, StreamFrame } from "../../../results/result.js";
import { describePreset } from "../../options/runPresets.js";
import { createFormat } from "../../output/formats/createFormat.js";
import type { ResultFormat } from "../../../results/write.js";
import {
  appendOutput,
  completeFileOutput,
  fileOutput,
  streamOutput,
  type Output,
} from "../../output/output.js";
import { ResultWriter } from "../../output/resultWriter.js";
import { type CommandRun } from "../../terminal/commandRun.js";
import { Reporter } from "../../terminal/reporter.js";
import { styleFor } from "../../terminal/style.js";
import { type Calibrated } from "./calibrated.js";
import { type Settings } from "./settings.js";

/** All that scoring takes. */
export interface ScoreRun {
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
export interface ReportData {
  header: RunHeader | undefined;
  readonly results: Result[];
}

/** Scores what an earlier run has not, and writes results as they come. */
export async function scoreWith(scorer: BatchScorer, scored: ScoreRun): Promise<void> {
  const { settings, inputs, reporter, run } = scored;
  const header = makeHeader(scorer, scored);
  header.catch(() => undefined); // it is thrown where it is awaited
  const earlier = settings.resume ? await readEarlierRun(settings, await header) : undefined;
  const todo = inputs.filter((input) => {
    const results = earlier?.resultsOf(input);
    if (results) reporter.tally.addEarlier(results);
    return !results;
  });
  const output = await openOutput(scored, earlier);
  const writer = startWriter(scored, header, output, !earlier || earlier.end === 0);
  writer.catch(() => undefined);
  try {
    await scoreAll(scorer, todo, writer, scored);
  } finally {
    run.progress.finish();
    await (await writer).close();
  }
}

async function readEarlierRun({ output }: Settings, header?: RunHeader): Promise<Earlier | undefined> {
  if (!header || output === undefined) return undefined;
  const { readEarlier } = await import("../../../results/resume.js"); // with the schema of results
  return readEarlier(output, header);
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

/** The first inputs are scored meanwhile. */
async function startWriter(
  scored: ScoreRun,
  made: Promise<RunHeader | undefined>,
  output: Output,
  fromStart: boolean,
): Promise<ResultWriter> {
  try {
    const header = (scored.found.header = await made);
    const writer = new ResultWriter(await makeFormat(scored, header), output);
    if (fromStart) await writer.start();
    return writer;
  } catch (error) {
    await output.abandon();
    throw error;
  }
}

function makeFormat(
  { settings, io, presets, inputs, reporter }: ScoreRun,
  header: RunHeader | undefined,
): Promise<ResultFormat> {
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
  opening: Promise<ResultWriter>,
  { settings, reporter, run, found, calibrated }: ScoreRun,
): Promise<void> {
  const { progress } = run;
  const onFrame = (frames: number): void => {
    progress.frames(frames);
  };
  const write = async (event: StreamFrame | RunningScore): Promise<void> => {
    const writer = await opening;
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
    const writer = await opening;
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
