import { option, several } from "../../../options/option.js";
import { asking, judging } from "../../../options/scorerOptions.js";
import { running } from "../../../options/videoOptions.js";
import { flag, number, oneOf } from "../../../util/arguments.js";
import type { Flags } from "../../command.js";
import { calibration, model, output, quiet, report, videos } from "../../options/shared.js";
import { formatsOf } from "../../output/format.js";

export const scoreOptions = {
  "What to ask:": {
    ...asking,
    preset: several(
      asking.preset,
      "built-in preset or a JSON file of your own (default: qboost); repeat it for a score each",
    ),
  },
  "Videos:": videos,
  "Output:": {
    format: option(oneOf(formatsOf.scores), {
      flag: {
        spelling: "-f, --format <name>",
        help: formatsOf.scores.join(", "),
        otherwise: "see below",
      },
    }),
    output: output("write there instead of to standard output"),
    report: report("write a page to look at too: pictures, plots, settings"),
    running,
    resume: option(flag, {
      flag: {
        spelling: "--resume",
        help: "go on with an NDJSON file that an earlier run began (needs -o)",
      },
    }),
    scale: judging.scale,
    calibration: calibration("put scores on a MOS scale; see tonescore calibrate", { conflicts: ["scale"] }),
    failUnder: option(
      number("a number", () => true),
      {
        flag: {
          spelling: "--fail-under <score>",
          help: "exit with 4 if any input scores less, on the scale shown, or has no trusted score",
        },
      },
    ),
    trustThreshold: judging.trustThreshold,
    quiet: quiet(
      "no progress, warnings or summary; only results, errors and why --fail-under was not passed",
    ),
  },
  "Model:": model,
};

export type ScoreFlags = Flags<typeof scoreOptions>;
