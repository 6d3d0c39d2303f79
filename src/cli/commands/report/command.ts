import { defineCommand } from "../../command.js";
import { help } from "./help.js";
import { reportOptions } from "./options.js";

export const report = defineCommand({
  name: "report",
  summary: "make a page to look at from results that are there already",
  description: "The page that --report makes, from what an earlier run wrote.",
  argument: ["<results>", "NDJSON or JSON of scores; JSON of a comparison or an evaluation"],
  options: reportOptions,
  help,
  load: async () => (await import("./report.js")).run,
});
