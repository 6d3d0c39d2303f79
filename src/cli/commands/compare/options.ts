import { Option, type Command } from "commander";
import { scaleNames } from "../../../scoring/scale.js";
import { addOptions, type ScoreFlags } from "../../options/scoreOptions.js";
import { fraction, htmlFile, notNegative, oneOf } from "../../options/values.js";

export const comparisonFormats = ["table", "csv", "json"] as const;
export type ComparisonFormat = (typeof comparisonFormats)[number];

/** The options of `tonescore compare` as the user gave them. */
export type CompareFlags = Omit<ScoreFlags, "preset" | "format" | "resume" | "running" | "failUnder"> & {
  readonly preset?: string;
  readonly maxDrop?: number;
  readonly format?: ComparisonFormat;
};

const outputOptions = (): Option[] => [
  new Option("-f, --format <name>", `${comparisonFormats.join(", ")} (default: table)`).argParser(
    oneOf(comparisonFormats),
  ),
  new Option(
    "-o, --output <file>",
    "write there instead of to standard output; .csv and .json choose the format",
  ),
  new Option(
    "--report <file.html>",
    "write a page to look at too: score against bytes, largest differences",
  ).argParser(htmlFile),
  new Option("--scale <name>", "unit: 0 to 1 (default), percent: 0 to 100, mos: 1 to 5").argParser(
    oneOf(scaleNames),
  ),
  new Option(
    "--trust-threshold <mass>",
    "warn if the model answers with the tone words less often (default: 0.5)",
  ).argParser(fraction),
  new Option(
    "--max-drop <difference>",
    "exit with 4 if a version's mean difference is further below the baseline than this",
  ).argParser(notNegative),
  new Option(
    "-q, --quiet",
    "no progress and no warnings; only results, errors and why --max-drop was not passed",
  ),
];

export function addCompareOptions(command: Command): Command {
  addOptions(command, ["What to ask:", "Videos:"]);
  for (const one of outputOptions()) command.addOption(one.helpGroup("Output:"));
  return addOptions(command, ["Model:"]);
}
