import { defineCommand } from "../../command.js";
import { help } from "./help.js";
import { evaluateOptions } from "./options.js";

export const evaluate = defineCommand({
  name: "evaluate",
  summary: "measure how well scores agree with viewers on a dataset",
  description:
    "How well the scores of a model and preset agree with the mean opinion scores (MOS) of viewers.",
  argument: ["[dataset]", "a list of files and MOS, or the folder of a published dataset"],
  options: evaluateOptions,
  help,
  load: async () => (await import("./evaluate.js")).run,
});
