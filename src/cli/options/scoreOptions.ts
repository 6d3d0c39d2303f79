import { Option, type Command } from "commander";
import { gpuNames, type Gpu } from "../../native/gpu.js";
import { formatNames, type FormatName } from "../output/formats/format.js";
import type { PoolingText } from "../../scoring/pooling.js";
import { scaleNames, type Scale } from "../../scoring/scale.js";
import {
  anyNumber,
  fraction,
  htmlFile,
  keyAndJson,
  oneOf,
  positiveInteger,
  positiveNumber,
  several,
} from "./values.js";

/** The options of `tonescore score` as the user gave them; what was not given is absent. */
export interface ScoreFlags {
  /** Several only of `score`. */
  readonly preset?: string | readonly string[];
  readonly videoPreset?: string;
  readonly question?: string;
  readonly tones?: string;
  readonly model?: string;
  readonly mmproj?: string;
  readonly template?: string;
  readonly templateArg?: Readonly<Record<string, unknown>>;
  readonly maxContext?: number;
  readonly imageMinTokens?: number;
  readonly imageMaxTokens?: number;
  readonly maxPixels?: number;
  readonly fps?: number;
  readonly frames?: number;
  readonly every?: number;
  readonly pooling?: PoolingText;
  readonly ffmpeg?: string;
  readonly scale?: Scale;
  readonly calibration?: string;
  readonly format?: FormatName;
  readonly output?: string;
  readonly report?: string;
  readonly running?: number;
  readonly resume?: boolean;
  readonly failUnder?: number;
  readonly trustThreshold?: number;
  readonly quiet?: boolean;
  readonly threads?: number;
  readonly gpu?: Gpu;
}

const option = (flags: string, description: string): Option => new Option(flags, description);

const groups = {
  "What to ask:": () => [
    option("-p, --preset <name|file>", "built-in preset or a JSON file of your own (default: qboost)"),
    option(
      "--video-preset <name|file>",
      "preset for videos (default: --preset if given, else qboost-ensemble)",
    ),
    option("--question <text>", "a question of your own instead of the preset's"),
    option("--tones <words>", 'answer words of your own: "good,high=1; average=0.5; poor=0"'),
  ],
  "Videos:": () => [
    option("--fps <number>", "frames to score a second (default: 1)").argParser(positiveNumber),
    option("--frames <count>", "score so many frames, spread evenly")
      .argParser(positiveInteger)
      .conflicts(["fps", "every"]),
    option("--every <k>", "score every k-th frame").argParser(positiveInteger).conflicts(["fps", "frames"]),
    option(
      "--pooling <rule>",
      "how frames become one score: logits (default), mean, harmonic, percentile:10, hysteresis, recency",
    ),
    option("--ffmpeg <path>", "the ffmpeg program (default: $FFMPEG_PATH, an npm package, then $PATH)"),
  ],
  "Output:": () => [
    option("-f, --format <name>", `${formatNames.join(", ")} (default: see below)`).argParser(
      oneOf(formatNames),
    ),
    option("-o, --output <file>", "write there instead of to standard output"),
    option("--report <file.html>", "write a page to look at too: pictures, plots, settings").argParser(
      htmlFile,
    ),
    option(
      "--running <seconds>",
      "for a feed without end: a score for each so many seconds (ndjson, table)",
    ).argParser(positiveNumber),
    option("--resume", "go on with an NDJSON file that an earlier run began (needs -o)"),
    option("--scale <name>", "unit: 0 to 1 (default), percent: 0 to 100, mos: 1 to 5").argParser(
      oneOf(scaleNames),
    ),
    option("--calibration <file>", "put scores on a MOS scale; see tonescore calibrate").conflicts("scale"),
    option(
      "--fail-under <score>",
      "exit with 4 if any input scores less, on the scale shown, or has no trusted score",
    ).argParser(anyNumber),
    option(
      "--trust-threshold <mass>",
      "warn if the model answers with the tone words less often (default: 0.5)",
    ).argParser(fraction),
    option(
      "-q, --quiet",
      "no progress, warnings or summary; only results, errors and why --fail-under was not passed",
    ),
  ],
  "Model:": () => [
    option("-m, --model <file|folder>", "a GGUF vision model (default: the bundled one)"),
    option("--mmproj <file>", "its picture encoder (default: looked for beside the model)"),
    option("--template <name|file>", "chat template, for models whose GGUF has none"),
    option("--template-arg <key=json>", "argument of the chat template; may be repeated").argParser(
      keyAndJson,
    ),
    option("--gpu <name>", `${gpuNames.join(", ")} (default: auto)`).argParser(oneOf(gpuNames)),
    option("-t, --threads <count>", "CPU threads (default: the number of cores)").argParser(positiveInteger),
    option("--max-context <tokens>", "cap on the context (default: the model's own)").argParser(
      positiveInteger,
    ),
    option(
      "--image-min-tokens <count>",
      "least tokens a picture, for models of dynamic resolution",
    ).argParser(positiveInteger),
    option("--image-max-tokens <count>", "most tokens a picture, likewise").argParser(positiveInteger),
    option(
      "--max-pixels <count>",
      "pixels in memory at once: a larger picture is an error (default: 67108864)",
    ).argParser(positiveInteger),
  ],
};

export type OptionGroup = keyof typeof groups;

/** Adds the options of some groups, in this order, but those of these names. */
export function addOptions(
  command: Command,
  names: readonly OptionGroup[],
  without: readonly string[] = [],
): Command {
  for (const name of names) {
    for (const one of groups[name]()) {
      if (!without.includes(one.attributeName())) command.addOption(one.helpGroup(name));
    }
  }
  return command;
}

const severalPresets = (): Option =>
  option(
    "-p, --preset <name|file>",
    "built-in preset or a JSON file of your own (default: qboost); repeat it for a score each",
  ).argParser(several);

export function addScoreOptions(command: Command): Command {
  command.addOption(severalPresets().helpGroup("What to ask:"));
  return addOptions(command, Object.keys(groups) as OptionGroup[], ["preset"]);
}
