import { calibrationMethods } from "../../../evaluate/calibration/methods.js";
import { option } from "../../../options/option.js";
import { oneOf, path, whole } from "../../../util/arguments.js";
import type { Flags } from "../../command.js";
import { quiet } from "../../options/shared.js";
import { sourceOptions } from "../../systems/options.js";

export const calibrateOptions = {
  ...sourceOptions,
  "Calibration:": {
    output: option(path, {
      required: true,
      flag: { spelling: "-o, --output <file>", help: "where to write the calibration" },
    }),
    method: option(oneOf(calibrationMethods), {
      default: "logistic",
      flag: { spelling: "--method <name>", help: calibrationMethods.join(", ") },
    }),
    folds: option(whole(2, 100), {
      default: 5,
      flag: { spelling: "--folds <count>", help: "of the cross-validation" },
    }),
    seed: option(whole(0, 2 ** 31 - 1), {
      default: 1,
      flag: { spelling: "--seed <number>", help: "of the folds" },
    }),
    quiet: quiet("no progress and notes; only the numbers and errors"),
  },
};

export type CalibrateFlags = Flags<typeof calibrateOptions>;
