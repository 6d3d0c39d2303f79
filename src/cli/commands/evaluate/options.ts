import { option } from "../../../options/option.js";
import { DEFAULT_BOOTSTRAP } from "../../../stats/resampling.js";
import { oneOf, whole } from "../../../util/arguments.js";
import type { Flags } from "../../command.js";
import { calibration, output, quiet, report } from "../../options/shared.js";
import { formatsOf } from "../../output/format.js";
import { sourceOptions } from "../../systems/options.js";

export const evaluateOptions = {
  ...sourceOptions,
  "Output:": {
    format: option(oneOf(formatsOf.evaluation), {
      flag: {
        spelling: "-f, --format <name>",
        help: formatsOf.evaluation.join(", "),
        otherwise: "by the ending of -o, else table",
      },
    }),
    output: output("write there instead of to standard output"),
    report: report("write a page to look at too: MOS against score, the worst disagreements"),
    bootstrap: option(whole(0, 1e6), {
      default: DEFAULT_BOOTSTRAP.resamples,
      flag: {
        spelling: "--bootstrap <count>",
        help: "resamples for the 95% intervals; 0 for none",
      },
    }),
    seed: option(whole(0, 2 ** 31 - 1), {
      default: DEFAULT_BOOTSTRAP.seed,
      flag: { spelling: "--seed <number>", help: "of the resamples" },
    }),
    calibration: calibration("put the scores on the scale of the MOS; see tonescore calibrate"),
    quiet: quiet("no progress and notes; only the evaluation and errors"),
  },
};

export type EvaluateFlags = Flags<typeof evaluateOptions>;
