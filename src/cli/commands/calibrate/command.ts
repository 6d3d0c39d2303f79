import { defineCommand } from "../../command.js";
import { help } from "./help.js";
import { calibrateOptions } from "./options.js";

export const calibrate = defineCommand({
  name: "calibrate",
  summary: "fit a map from scores to the MOS scale of a dataset",
  description:
    "Fits a map, which never falls, from the scores of a model and preset to a dataset's MOS scale.",
  argument: ["[dataset]", "a list of files and MOS, or the folder of a published dataset"],
  options: calibrateOptions,
  help,
  load: async () => (await import("./calibrate.js")).run,
});
