import { TonescoreError } from "../../../errors.js";
import type { Calibration } from "../../../evaluate/calibration/schema.js";
import { calibratedScale, calibrationFormat } from "../../../evaluate/calibration/scale.js";
import { resolve } from "../../../options/option.js";
import { judging } from "../../../options/scorerOptions.js";
import { scaleFormat, type ScaleFormat } from "../../../scoring/scaleFormat.js";
import { presetsAsked, readScoring, type Scoring } from "../../options/scoring.js";
import { chooseFormat, type FormatName } from "../../output/format.js";
import type { Display } from "../../terminal/reporter.js";
import type { ScoreFlags } from "./options.js";

/** What `score` was told, checked against one another, defaults filled in. */
export interface Settings extends Scoring {
  readonly format: FormatName;
  readonly output: string | undefined;
  readonly report: string | undefined;
  readonly resume: boolean;
  readonly shown: Display;
}

function wrong(message: string): TonescoreError {
  return new TonescoreError("ERR_INVALID_ARGUMENT", message);
}

function checkResume({ resume, output }: ScoreFlags, format: FormatName): void {
  if (resume !== true) return;
  if (output === undefined) throw wrong("--resume needs the file to go on with: -o FILE.");
  if (format !== "ndjson") {
    throw wrong(`--resume works with --format ndjson only, since a ${format} cannot be gone on with.`);
  }
}

function checkRunning({ running }: ScoreFlags, format: FormatName): void {
  if (running === undefined || format === "ndjson" || format === "table") return;
  throw wrong(
    `--running works with --format ndjson or table, since ${format} has a place for one score an input.`,
  );
}

/** What changes or fits one preset only does not go with several. */
function checkSeveral(flags: ScoreFlags): void {
  const { preset = [], videoPreset, question, tones, calibration } = flags;
  if (preset.length < 2) return;
  const why = "of several presets, each asks what it says, of pictures and videos alike";
  if (videoPreset !== undefined) throw wrong(`--video-preset goes with one --preset: ${why}.`);
  if (question !== undefined || tones !== undefined) {
    throw wrong(`--question and --tones go with one --preset: ${why}.`);
  }
  if (calibration !== undefined) throw wrong("--calibration is of one preset. Score with that one alone.");
}

function checkLimit(limit: number | undefined, { lowest, highest }: ScaleFormat, scale: string): void {
  if (limit === undefined || (limit >= lowest && limit <= highest)) return;
  throw wrong(
    `Expected ${lowest} to ${highest} (the scale "${scale}") for --fail-under but received ${limit}.`,
  );
}

/**
 * @param terminal whether standard output is one.
 * @param calibration whose scale the results will be put on.
 * @throws {TonescoreError} `ERR_INVALID_ARGUMENT` where options do not go together.
 */
export function readSettings(flags: ScoreFlags, terminal: boolean, calibration?: Calibration): Settings {
  const { output, report, failUnder, preset, ...others } = flags;
  const onTerminal = terminal && output === undefined;
  const format = chooseFormat("scores", flags, onTerminal ? "table" : "ndjson");
  checkResume(flags, format);
  checkRunning(flags, format);
  checkSeveral(flags);
  const { scale, trustThreshold } = resolve(judging, flags);
  const shown = calibration ? calibrationFormat(calibration) : scaleFormat(scale);
  const scaleName = calibration ? calibratedScale(calibration) : scale;
  checkLimit(failUnder, shown, scaleName);
  return {
    ...readScoring({ ...others, ...presetsAsked(preset) }, scaleName),
    ...{ format, output, report, resume: flags.resume === true },
    shown: {
      ...{ scale: shown, trustThreshold, failUnder, onTerminal, quiet: flags.quiet === true },
      asTable: format === "table" && output === undefined,
    },
  };
}
