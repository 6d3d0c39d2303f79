import { option } from "../../../options/option.js";
import { asking, judging } from "../../../options/scorerOptions.js";
import { number, oneOf } from "../../../util/arguments.js";
import type { Flags } from "../../command.js";
import { model, output, quiet, report, videos } from "../../options/shared.js";
import { formatsOf } from "../../output/format.js";

export const compareOptions = {
  "What to ask:": asking,
  "Videos:": videos,
  "Output:": {
    format: option(oneOf(formatsOf.comparison), {
      flag: {
        spelling: "-f, --format <name>",
        help: formatsOf.comparison.join(", "),
        otherwise: "table",
      },
    }),
    output: output("write there instead of to standard output; .csv and .json choose the format"),
    report: report("write a page to look at too: score against bytes, largest differences"),
    ...judging,
    maxDrop: option(
      number("a number, 0 or more", (value) => value >= 0),
      {
        flag: {
          spelling: "--max-drop <difference>",
          help: "exit with 4 if a version's mean difference is further below the baseline than this",
        },
      },
    ),
    quiet: quiet("no progress and no warnings; only results, errors and why --max-drop was not passed"),
  },
  "Model:": model,
};

export type CompareFlags = Flags<typeof compareOptions>;
