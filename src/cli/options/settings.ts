import { extname } from "node:path";
import { TonescoreError } from "../../errors.js";
import type { Calibration } from "../../evaluate/calibration/schema.js";
import { calibratedScale, shownCalibration } from "../../evaluate/calibration/scale.js";
import type { ScorerOptions, VideoOptions } from "../../scorer/options.js";
import type { RunSettings } from "../../results/result.js";
import { DEFAULT_POOLING, parsePooling, poolingText } from "../../scoring/pooling.js";
import type { FormatName } from "../output/formats/format.js";
import { shownScale, type ShownScale } from "../../scoring/shownScale.js";
import type { ScoreFlags } from "./scoreOptions.js";

/** The flags of `score`, checked against one another, defaults filled in. */
export interface Settings {
  readonly scorer: ScorerOptions;
  readonly video: VideoOptions;
  /** For the header. */
  readonly run: RunSettings;
  readonly format: FormatName;
  readonly output: string | undefined;
  readonly report: string | undefined;
  /** Whether the results go to a terminal. */
  readonly onTerminal: boolean;
  readonly resume: boolean;
  readonly shown: ShownScale;
  readonly failUnder: number | undefined;
  readonly trustThreshold: number;
  readonly quiet: boolean;
}

const scorerFlags = [
  ...(["model", "mmproj", "videoPreset", "question", "tones", "template", "threads"] as const),
  ...(["gpu", "maxContext", "imageMinTokens", "imageMaxTokens", "maxPixels", "ffmpeg"] as const),
];

const formatOfExtension: Readonly<Record<string, FormatName>> = {
  ".json": "json",
  ".ndjson": "ndjson",
  ".jsonl": "ndjson",
  ".csv": "csv",
  ".txt": "table",
};

/** The named properties that are there. */
export function pick<T extends object, K extends keyof T>(source: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(
    names.flatMap((name) => (source[name] === undefined ? [] : [[name, source[name]]])),
  ) as Pick<T, K>;
}

function wrong(message: string): TonescoreError {
  return new TonescoreError("ERR_INVALID_ARGUMENT", message);
}

function chooseFormat({ format, output }: ScoreFlags, onTerminal: boolean): FormatName {
  if (format !== undefined) return format;
  if (output !== undefined) return formatOfExtension[extname(output).toLowerCase()] ?? "ndjson";
  return onTerminal ? "table" : "ndjson";
}

function checkResume({ resume, output }: ScoreFlags, format: FormatName): void {
  if (resume !== true) return;
  if (output === undefined) throw wrong("--resume needs the file to go on with: -o FILE.");
  if (format !== "ndjson") {
    throw wrong(`--resume works with --format ndjson only, since a ${format} cannot be gone on with.`);
  }
}

/** What changes or fits one preset only does not go with several. */
function checkSeveral(flags: ScoreFlags, calibrated: boolean): void {
  const { videoPreset, question, tones } = flags;
  const why = "of several presets, each asks what it says, of pictures and videos alike";
  if (videoPreset !== undefined) throw wrong(`--video-preset goes with one --preset: ${why}.`);
  if (question !== undefined || tones !== undefined) {
    throw wrong(`--question and --tones go with one --preset: ${why}.`);
  }
  if (calibrated) throw wrong("--calibration is of one preset. Score with that one alone.");
}

function checkLimit(limit: number | undefined, { lowest, highest }: ShownScale, scale: string): void {
  if (limit === undefined || (limit >= lowest && limit <= highest)) return;
  throw wrong(
    `Expected ${lowest} to ${highest} (the scale "${scale}") for --fail-under but received ${limit}.`,
  );
}

function runSettings(flags: ScoreFlags, scale: string, trustThreshold: number): RunSettings {
  const { fps = 1, frames, every } = flags;
  const pooling = flags.pooling === undefined ? DEFAULT_POOLING : parsePooling(flags.pooling);
  return {
    scale,
    trustThreshold,
    sampling:
      frames !== undefined ? `frames ${frames}` : every !== undefined ? `every ${every}` : `fps ${fps}`,
    pooling: poolingText(pooling),
    ...pick(flags, ["imageMinTokens", "imageMaxTokens"]),
  };
}

/**
 * @param calibration whose scale the results will be put on.
 * @throws {TonescoreError} `ERR_INVALID_ARGUMENT` where options do not go together.
 */
export function readSettings(flags: ScoreFlags, terminal: boolean, calibration?: Calibration): Settings {
  const { scale = "unit", trustThreshold = 0.5, failUnder, output } = flags;
  const onTerminal = terminal && output === undefined;
  const format = chooseFormat(flags, onTerminal);
  checkResume(flags, format);
  if (flags.running !== undefined && format !== "ndjson" && format !== "table") {
    throw wrong(
      `--running works with --format ndjson or table, since ${format} has a place for one score an input.`,
    );
  }
  const [preset, ...alsoPresets] = [flags.preset ?? []].flat();
  if (alsoPresets.length > 0) checkSeveral(flags, calibration !== undefined);
  const shown = calibration ? shownCalibration(calibration) : shownScale(scale);
  const scaleName = calibration ? calibratedScale(calibration) : scale;
  checkLimit(failUnder, shown, scaleName);
  return {
    scorer: {
      ...(preset !== undefined && { preset }),
      ...(alsoPresets.length > 0 && { alsoPresets }),
      ...pick(flags, scorerFlags),
      ...(flags.templateArg && { templateArguments: flags.templateArg }),
      scale,
      trustThreshold,
    },
    video: pick(flags, ["fps", "frames", "every", "pooling", "running"]),
    run: runSettings(flags, scaleName, trustThreshold),
    ...{ format, output, onTerminal, shown, failUnder, trustThreshold },
    report: flags.report,
    resume: flags.resume === true,
    quiet: flags.quiet === true,
  };
}
