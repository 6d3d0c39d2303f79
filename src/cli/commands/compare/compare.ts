import { expected } from "../../../util/expected.js";
import type { PairedResults } from "../../../compare/compare.js";
import { pairNames } from "../../../compare/pairing.js";
import type { Input } from "../../../media/inputs/input.js";
import { LeftOut } from "../../../media/inputs/leftOut.js";
import { resolve } from "../../../options/option.js";
import { judging } from "../../../options/scorerOptions.js";
import type { PairedComparison } from "../../../results/comparison.js";
import { scaleFormat } from "../../../scoring/scaleFormat.js";
import { optionsIn } from "../../command.js";
import { exitCodes } from "../../exit.js";
import { readScoring } from "../../options/scoring.js";
import { namedFiles } from "../../options/shared.js";
import { chooseFormat } from "../../output/format.js";
import { completeFileOutput, streamOutput } from "../../output/output.js";
import { checkTargets, type Target, wanted } from "../../output/outputTarget.js";
import { ReportFile } from "../../output/reportFile.js";
import { storedPictures } from "../../output/storedPictures.js";
import { type CommandRun, runCommand } from "../../terminal/commandRun.js";
import type { Dependencies, Io } from "../../terminal/io.js";
import { Reporter } from "../../terminal/reporter.js";
import { styleFor } from "../../terminal/style.js";
import { dropRefusals } from "./dropGate.js";
import { formatComparison } from "./formatComparison.js";
import { type CompareFlags, compareOptions } from "./options.js";
import { resultsOf, type Scorers } from "./scoreVersions.js";
import { checkPaired, openVersions, type Versions } from "./versions.js";

/** Scores the versions of the same pictures, holds them against the first version, and gives the exit code. */
export const run = (
  sources: readonly string[],
  flags: CompareFlags,
  io: Io,
  dependencies: Dependencies,
): Promise<number> =>
  runCommand(io, flags, async (run) => {
    checkSources(sources);
    const scoring = readScoring(flags);
    const reporter = reporterFor(run, flags);
    const leftOut = new LeftOut();
    const opened = await openVersions(sources, {
      ...{ signal: run.signal, onLeftOut: leftOut.add, preset: flags.preset },
    });
    reporter.leftOut(leftOut);
    const files = namedFiles(optionsIn(compareOptions), flags);
    await checkTargets(targetsOf(flags), [...sources, ...inputsOf(opened), ...files]);
    await using report = flags.report === undefined ? undefined : await ReportFile.open(flags.report);
    const pictures = storedPictures(sources, flags.ffmpeg, { own: inputsOf(opened) });
    const scorers = { scoring, run, reporter, dependencies };
    const { comparison, pairs } = await comparisonOf(opened, scorers);
    await write(comparison, flags, io);
    if (report) {
      const { comparisonReport } = await import("../../../report/pages/comparisonReport.js");
      await report.write(comparisonReport({ comparison, base: report.folder, source: pictures }), run.signal);
    }
    const refusals = flags.maxDrop === undefined ? [] : dropRefusals(comparison, pairs, flags.maxDrop);
    if (refusals.length > 0) {
      run.messages.refuse(refusals.join("; "));
      return exitCodes.belowLimit;
    }
    return comparison.errors.length > 0 ? exitCodes.someFailed : exitCodes.ok;
  });

function reporterFor(run: CommandRun, flags: CompareFlags): Reporter {
  const { scale, trustThreshold } = resolve(judging, flags);
  return new Reporter(run, {
    ...{ scale: scaleFormat(scale), trustThreshold, failUnder: undefined, quiet: flags.quiet === true },
    ...{ onTerminal: false, asTable: false },
  });
}

function checkSources(sources: readonly string[]): void {
  if (sources.length > 1) return;
  throw expected("two versions or more", {
    but: `received only ${sources.join("")}`,
    remedy: "Give the baseline first: tonescore compare originals/ q80/",
  });
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
  scorers: Scorers,
): Promise<{ comparison: PairedComparison; pairs: readonly PairedResults[] }> {
  const { compareVersions } = await import("../../../compare/compare.js");
  const { version } = await import("../../../version.js");
  const { names, unpaired } = pairNames(opened.versions);
  checkPaired(names, opened);
  for (const { version, lacks } of unpaired) {
    scorers.run.messages.warn(`${version} lacks ${listed(lacks)}, which therefore count nowhere`);
  }
  const { pairs, header } = await resultsOf(names, opened, scorers);
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
  throw expected("something to compare", {
    code: "ERR_INPUT_UNREADABLE",
    but: "nothing was scored in every version",
    remedy: "See the errors above.",
  });
}

/** At most five of a list by name. */
const listed = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");

/** @throws {TonescoreError} `ERR_INVALID_ARGUMENT` where results files have different scales. */
function scaleOf(pairs: readonly PairedResults[]): string {
  const results = pairs.flatMap((pair) => pair.results);
  const scales = [...new Set(results.flatMap((result) => (result.type === "error" ? [] : result.scale)))];
  if (scales.length <= 1) return scales[0] ?? "unit";
  throw expected("scores on one scale", {
    but: `received ${scales.join(" and ")}`,
    remedy: "Score one side again with the other's --scale.",
  });
}

async function write(comparison: PairedComparison, flags: CompareFlags, io: Io): Promise<void> {
  const { output } = flags;
  const format = chooseFormat("comparison", flags, "table");
  const onTerminal = output === undefined && io.stdout.isTTY === true;
  const text = formatComparison(comparison, format, styleFor(io.stdout, onTerminal));
  const out = output === undefined ? streamOutput(io.stdout) : await completeFileOutput(output, "comparison");
  await out.write(text);
  await out.finish();
}
