import { defineCommand } from "../../command.js";
import { help } from "./help.js";
import { scoreOptions } from "./options.js";

export const score = defineCommand({
  name: "score",
  summary: "score pictures and videos (the default)",
  argument: [
    "[inputs...]",
    "pictures, videos, folders or globs; - is a picture or a video on standard input",
  ],
  options: scoreOptions,
  help,
  load: async () => (await import("./score.js")).run,
});
