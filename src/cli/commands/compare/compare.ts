import { extname } from "node:path";
import type { PairedResults } from "../../../compare/compare.js";
import { pairNames } from "../../../compare/pairing.js";
import type { PairedComparison } from "../../../results/comparison.js";
import { TonescoreError } from "../../../errors.js";
import type { Input } from "../../../media/inputs/input.js";
import { LeftOut } from "../../../media/inputs/leftOut.js";
import type { CompareFlags, ComparisonFormat } from "./options.js";
import { dropRefusals } from "./dropGate.js";
import { exitCodes } from "../../exit.js";
import { formatComparison } from "./formatComparison.js";
import { Interrupt } from "../../terminal/interrupt.js";
import type { Dependencies, Io } from "../../terminal/io.js";
import { completeFileOutput, streamOutput } from "../../output/output.js";
import { checkTargets, type Target, wanted } from "../../output/outputTarget.js";
import { namedFiles } from "../../options/namedFiles.js";
import { Reporter } from "../../terminal/reporter.js";
import { ReportFile } from "../../output/reportFile.js";
import { resultsOf, type ScoringRun } from "./scoreVersions.js";
import { readSettings } from "../../options/settings.js";
import { storedPictures } from "../../output/storedPictures.js";
import { styleFor } from "../../terminal/style.js";
import { checkPaired, openVersions, type Versions } from "./versions.js";

interface Run extends ScoringRun {
  readonly format: ComparisonFormat;
  readonly io: Io;
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
  const reporter = new Reporter(settings, io.stderr);
  using interrupt = new Interrupt(io, reporter.messages.note);
  const run: Run = { settings, format, io, reporter, signal: interrupt.signal };
  try {
    const leftOut = new LeftOut();
    const opened = await openVersions(sources, {
      ...{ signal: run.signal, onLeftOut: leftOut.add, preset: flags.preset },
    });
    reporter.leftOut(leftOut);
    await checkTargets(targetsOf(flags), [...sources, ...inputsOf(opened), ...namedFiles(flags)]);
    await using report = settings.report === undefined ? undefined : await ReportFile.open(settings.report);
    const pictures = storedPictures(sources, settings.scorer.ffmpeg, { own: inputsOf(opened) });
    const { comparison, pairs } = await comparisonOf(opened, run, dependencies);
    await write(comparison, run);
    if (report) {
      const { comparisonReport } = await import("../../../report/pages/comparisonReport.js");
      await report.write(
        comparisonReport({ comparison, base: report.folder, source: pictures }),
        interrupt.signal,
      );
    }
    const refusals = flags.maxDrop === undefined ? [] : dropRefusals(comparison, pairs, flags.maxDrop);
    if (refusals.length > 0) {
      reporter.messages.refuse(refusals.join("; "));
      return exitCodes.belowLimit;
    }
    return comparison.errors.length > 0 ? exitCodes.someFailed : exitCodes.ok;
  } catch (error) {
    // Once it was stopped, an error is only a consequence of that.
    if (interrupt.exitCode !== undefined) return interrupt.exitCode;
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

const targetsOf = ({ output, report, format }: CompareFlags): Target[] =>
  wanted([
    output !== undefined && {
      ...{ path: output, option: "-o", content: "comparison", formatGiven: format !== undefined },
    },
    report !== undefined && { path: report, option: "--report", content: "page" },
  ]);

const inputsOf = ({ versions }: Versions): Input[] =>
  versions.flatMap(({ items }) =>
    [...items.values()].flatMap((entry) => ("input" in entry ? entry.input : [])),
  );

async function comparisonOf(
  opened: Versions,
  run: Run,
  dependencies: Dependencies,
): Promise<{ comparison: PairedComparison; pairs: readonly PairedResults[] }> {
  const { compareVersions } = await import("../../../compare/compare.js");
  const { version } = await import("../../../version.js");
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
  const comparison: PairedComparison = {
    type: "comparison",
    version: 1,
    tonescore: version,
    ...(header && { header }),
    scale: scaleOf(pairs),
    ...compared,
    unpaired,
  };
  return { comparison, pairs };
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
    settings.output === undefined
      ? streamOutput(io.stdout)
      : await completeFileOutput(settings.output, "comparison");
  await output.write(text);
  await output.finish();
}
