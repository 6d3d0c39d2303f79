import { extname } from "node:path";
import type { PairedResults } from "../../compare/compare.js";
import { pairNames } from "../../compare/pairing.js";
import type { PairedComparison } from "../../compare/comparison.js";
import { TonescoreError } from "../../errors.js";
import type { Input } from "../../media/input.js";
import type { Result, RunHeader } from "../../result.js";
import type { CompareFlags, ComparisonFormat } from "../compareOptions.js";
import { exitCodes } from "../exit.js";
import { formatComparison } from "../formats/comparison.js";
import { differences } from "../header.js";
import { Interrupt } from "../interrupt.js";
import type { Dependencies, Io } from "../io.js";
import { completeFileOutput, streamOutput } from "../output.js";
import { Reporter } from "../reporter.js";
import { ReportFile } from "../reportFile.js";
import { readSettings, type Settings } from "../settings.js";
import { styleFor } from "../terminal.js";
import { checkPaired, openVersions, type Versions } from "../versions.js";

interface Run {
  readonly settings: Settings;
  readonly format: ComparisonFormat;
  readonly io: Io;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/** Scores the versions of the same pictures, holds them against the first version, and gives the exit code. */
export async function compare(
  sources: readonly string[],
  flags: CompareFlags,
  io: Io,
  dependencies: Dependencies,
): Promise<number> {
  checkSources(sources);
  const format = chooseFormat(flags);
  const settings = readSettings({ ...flags, format }, false);
  await using report = settings.report === undefined ? undefined : await ReportFile.open(settings.report);
  const reporter = new Reporter(settings, io.stderr);
  using interrupt = new Interrupt(io, () => {
    reporter.messages.note("stopping; press Ctrl-C again to stop at once");
  });
  const run: Run = { settings, format, io, reporter, signal: interrupt.signal };
  try {
    const comparison = await comparisonOf(sources, run, dependencies);
    await write(comparison, run);
    if (report) {
      const { comparisonReport } = await import("../../report/comparisonReport.js");
      await report.write(
        comparisonReport({ comparison, base: report.folder, ffmpeg: settings.scorer.ffmpeg }),
      );
    }
    return comparison.errors.length > 0 ? exitCodes.someFailed : exitCodes.ok;
  } catch (error) {
    if (interrupt.happened) return exitCodes.interrupted; // after Ctrl-C, an error is only a consequence of it
    throw error;
  } finally {
    reporter.progress.stop();
  }
}

function checkSources(sources: readonly string[]): void {
  if (sources.length > 1) return;
  throw new TonescoreError(
    "ERR_INVALID_ARGUMENT",
    `Expected two versions or more but received only ${sources.join("")}. Give the baseline first: tonescore compare originals/ q80/`,
  );
}

function chooseFormat({ format, output }: CompareFlags): ComparisonFormat {
  if (format !== undefined) return format;
  const extension = output === undefined ? "" : extname(output).toLowerCase();
  return extension === ".csv" ? "csv" : extension === ".json" ? "json" : "table";
}

async function comparisonOf(
  sources: readonly string[],
  run: Run,
  dependencies: Dependencies,
): Promise<PairedComparison> {
  const { compareVersions } = await import("../../compare/compare.js");
  const { version } = await import("../../version.js");
  const opened = await openVersions(sources, run.signal);
  const { names, unpaired } = pairNames(opened.versions);
  checkPaired(names, opened);
  for (const { version, lacks } of unpaired) {
    run.reporter.messages.warn(`${version} lacks ${listed(lacks)}, which therefore count nowhere`);
  }
  const { pairs, header } = await resultsOf(names, opened, run, dependencies);
  const compared = compareVersions(
    opened.versions.map(({ name }) => name),
    pairs,
  );
  checkCompared(compared.pictures.length);
  return {
    type: "comparison",
    version: 1,
    tonescore: version,
    ...(header && { header }),
    scale: scaleOf(pairs),
    ...compared,
    unpaired,
  };
}

function checkCompared(pictures: number): void {
  if (pictures > 0) return;
  const message =
    "Expected something to compare, but nothing was scored in every version: see the errors above.";
  throw new TonescoreError("ERR_INPUT_UNREADABLE", message);
}

/** At most five of a list by name. */
const listed = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");

interface Scored {
  readonly pairs: readonly PairedResults[];
  readonly header: RunHeader | undefined;
}

/** What every version of every name got: read from results files, or scored now. */
async function resultsOf(
  names: readonly string[],
  { versions, headers }: Versions,
  run: Run,
  dependencies: Dependencies,
): Promise<Scored> {
  const entries = names.map((name) => versions.map(({ items }) => items.get(name)));
  const todo = entries.flat().flatMap((entry) => (entry && "input" in entry ? [entry.input] : []));
  const scored =
    todo.length > 0 ? await scoreInputs(todo, run, dependencies) : { results: [], header: undefined };
  const fresh = scored.results.values();
  const pairs = names.map((name, index) => ({
    name,
    results: (entries[index] ?? []).flatMap((entry) =>
      entry && "result" in entry ? entry.result : (fresh.next().value ?? []),
    ),
  }));
  const [header, ...others] = [...(scored.header ? [scored.header] : []), ...headers];
  for (const other of others) warnOfDifferences(header, other, run.reporter);
  return { pairs, header };
}

function warnOfDifferences(one: RunHeader | undefined, other: RunHeader, { messages }: Reporter): void {
  const differing = one ? differences(one, other) : [];
  if (differing.length === 0) return;
  messages.warn(
    `the results were made with different settings, so scores may differ for that:\n  ${differing.join("\n  ")}`,
  );
}

async function scoreInputs(
  inputs: readonly Input[],
  { settings, reporter, signal }: Run,
  { createScorer }: Dependencies,
): Promise<{ results: Result[]; header: RunHeader }> {
  const { progress } = reporter;
  const onLoad = (fraction: number): void => {
    progress.phase("loading the model", fraction);
  };
  const onFrame = (frames: number): void => {
    progress.frames(frames);
  };
  const scorer = await createScorer({ ...settings.scorer, signal, onLoad });
  try {
    const header = { ...(await scorer.header()), settings: settings.run };
    const results: Result[] = [];
    progress.start(inputs.map((input) => input.path));
    for await (const result of scorer.scoreAll(inputs, { ...settings.video, signal, onFrame })) {
      results.push(result);
      reporter.result(result);
    }
    return { results, header };
  } finally {
    progress.stop();
    await scorer.close();
  }
}

/** @throws {TonescoreError} `ERR_INVALID_ARGUMENT` where results files have different scales. */
function scaleOf(pairs: readonly PairedResults[]): string {
  const results = pairs.flatMap((pair) => pair.results);
  const scales = [...new Set(results.flatMap((result) => (result.type === "error" ? [] : result.scale)))];
  if (scales.length <= 1) return scales[0] ?? "unit";
  throw new TonescoreError(
    "ERR_INVALID_ARGUMENT",
    `Expected scores on one scale but received ${scales.join(" and ")}. Score one side again with the other's --scale.`,
  );
}

async function write(comparison: PairedComparison, { settings, format, io }: Run): Promise<void> {
  const onTerminal = settings.output === undefined && io.stdout.isTTY === true;
  const text = formatComparison(comparison, format, styleFor(io.stdout, onTerminal));
  const output =
    settings.output === undefined ? streamOutput(io.stdout) : await completeFileOutput(settings.output);
  await output.write(text);
  await output.finish();
}
