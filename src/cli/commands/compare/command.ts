import { defineCommand } from "../../command.js";
import { help } from "./help.js";
import { compareOptions } from "./options.js";

export const compare = defineCommand({
  name: "compare",
  summary: "hold versions of the same pictures against one another",
  description:
    "Paired differences from the first version, such as the original or an encoder's present setting.",
  usage: "[options] <baseline> <version…>",
  argument: [
    "<versions...>",
    "folders, files, globs, or results in NDJSON; pairs have the same name, extension aside",
  ],
  options: compareOptions,
  help,
  load: async () => (await import("./compare.js")).run,
});
