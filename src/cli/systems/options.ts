import { Option, type Command } from "commander";
import { DEFAULT_BOOTSTRAP } from "../../stats/bootstrap.js";
import { type CalibrationMethod, calibrationMethods } from "../../evaluate/calibration/map.js";
import type { ColumnOptions } from "../../evaluate/datasets/columns.js";
import { addOptions, type ScoreFlags } from "../options/scoreOptions.js";
import { htmlFile, oneOf, positiveNumber, several, severalFolds, wholeNumber } from "../options/values.js";

export const evaluateFormats = ["table", "json", "csv"] as const;
export type EvaluateFormat = (typeof evaluateFormats)[number];

type Shared = Omit<
  ScoreFlags,
  "preset" | "videoPreset" | "model" | "mmproj" | "format" | "scale" | "failUnder"
>;

/** What says where a dataset's files and values stand. */
export interface DatasetFlags extends ColumnOptions {
  readonly folder?: string;
  readonly dmos?: boolean;
  readonly allowMissing?: boolean;
  readonly allowDuplicates?: boolean;
}

/** What says where the scores come from. */
export interface SourceFlags extends Shared, DatasetFlags {
  readonly preset?: readonly string[];
  readonly model?: readonly string[];
  readonly mmproj?: readonly string[];
  readonly temperature?: number;
  readonly fromLogits?: readonly string[];
  readonly results?: string;
}

export interface EvaluateFlags extends SourceFlags {
  readonly bootstrap: number;
  readonly seed: number;
  readonly calibration?: string;
  readonly format?: EvaluateFormat;
}

export interface CalibrateFlags extends SourceFlags {
  readonly method: CalibrationMethod;
  readonly folds: number;
  readonly seed: number;
  readonly output: string;
}

const datasetOptions = (): Option[] => [
  new Option("--folder <folder>", "where the listed files are (default: where the layout has them)"),
  new Option("--file-column <name>", "column with the files' names"),
  new Option("--mos-column <name>", "column with the MOS"),
  new Option("--group-column <name>", "column by whose values groups are shown"),
  new Option("--dmos", "low values are good: flip them"),
  new Option("--allow-missing", "leave out files that are not there"),
  new Option("--allow-duplicates", "let a file stand in several rows"),
];

const sourceOptions = (): Option[] => [
  new Option("-p, --preset <name|file>", "preset; repeat it to compare several").argParser(several),
  new Option("--temperature <number>", "divide the logits by this before the softmax").argParser(
    positiveNumber,
  ),
  new Option("-m, --model <file|folder>", "a GGUF vision model; repeat it to compare several").argParser(
    several,
  ),
  new Option("--mmproj <file>", "its picture encoder; repeat it as --model").argParser(several),
  new Option(
    "--from-logits <file|folder>",
    "score what earlier runs stored, without a model; repeat it to compare several",
  ).argParser(several),
  new Option("--results <folder>", "keep every result there as NDJSON, a file a preset and model"),
  new Option("--resume", "go on with the files of --results"),
];

/** The options that `evaluate` and `calibrate` share. */
export function addSourceOptions(command: Command): Command {
  for (const one of datasetOptions()) command.addOption(one.helpGroup("Dataset:"));
  for (const one of sourceOptions()) command.addOption(one.helpGroup("What to score:"));
  return addOptions(
    command,
    ["What to ask:", "Videos:", "Model:"],
    ["preset", "videoPreset", "model", "mmproj"],
  );
}

export function addEvaluateOptions(command: Command): Command {
  const options = [
    new Option(
      "-f, --format <name>",
      `${evaluateFormats.join(", ")} (default: by the ending of -o, else table)`,
    ).argParser(oneOf(evaluateFormats)),
    new Option("-o, --output <file>", "write there instead of to standard output"),
    new Option(
      "--report <file.html>",
      "write a page to look at too: MOS against score, the worst disagreements",
    ).argParser(htmlFile),
    new Option("--bootstrap <count>", "resamples for the 95% intervals; 0 for none")
      .argParser(wholeNumber)
      .default(DEFAULT_BOOTSTRAP.resamples),
    new Option("--seed <number>", "of the resamples").argParser(wholeNumber).default(DEFAULT_BOOTSTRAP.seed),
    new Option("--calibration <file>", "put the scores on the scale of the MOS; see tonescore calibrate"),
    new Option("-q, --quiet", "no progress and notes; only the evaluation and errors"),
  ];
  addSourceOptions(command);
  for (const one of options) command.addOption(one.helpGroup("Output:"));
  return command;
}

export function addCalibrateOptions(command: Command): Command {
  const options = [
    new Option("-o, --output <file>", "where to write the calibration").makeOptionMandatory(),
    new Option("--method <name>", calibrationMethods.join(", "))
      .argParser(oneOf(calibrationMethods))
      .default("logistic"),
    new Option("--folds <count>", "of the cross-validation").argParser(severalFolds).default(5),
    new Option("--seed <number>", "of the folds").argParser(wholeNumber).default(1),
    new Option("-q, --quiet", "no progress and notes; only the numbers and errors"),
  ];
  addSourceOptions(command);
  for (const one of options) command.addOption(one.helpGroup("Calibration:"));
  return command;
}
