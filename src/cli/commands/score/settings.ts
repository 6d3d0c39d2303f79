import { expected } from "../../../util/expected.js";
import type { TonescoreError } from "../../../errors.js";
import type { Calibration } from "../../../evaluate/calibration/document.js";
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

function checkResume({ resume, output }: ScoreFlags, format: FormatName): void {
  if (resume !== true) return;
  if (output === undefined) {
    const remedy = "Name it with -o FILE.";
    throw expected("the file to go on with", { for: "--resume", but: "none is named", remedy });
  }
  if (format === "ndjson") return;
  const remedy = "Nothing else can be gone on with.";
  throw expected("--format ndjson", { for: "--resume", received: format, remedy });
}

function checkRunning({ running }: ScoreFlags, format: FormatName): void {
  if (running === undefined || format === "ndjson" || format === "table") return;
  const remedy = "The others have a place for one score an input.";
  throw expected("--format ndjson or table", { for: "--running", received: format, remedy });
}

/** What changes or fits one preset only does not go with several. */
function checkSeveral(flags: ScoreFlags): void {
  const { preset = [], videoPreset, question, tones, calibration } = flags;
  if (preset.length < 2) return;
  const one = (option: string, remedy: string): TonescoreError =>
    expected("one --preset", { for: option, received: preset.length, remedy });
  const why = "Of several presets, each asks what it says, of pictures and videos alike.";
  if (videoPreset !== undefined) throw one("--video-preset", why);
  if (question !== undefined || tones !== undefined) throw one("--question and --tones", why);
  if (calibration !== undefined) throw one("--calibration", "It is of one. Score with that one alone.");
}

function checkLimit(limit: number | undefined, { lowest, highest }: ScaleFormat, scale: string): void {
  if (limit === undefined || (limit >= lowest && limit <= highest)) return;
  throw expected(`${lowest} to ${highest} (the scale "${scale}")`, { for: "--fail-under", received: limit });
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
