import { defineCommand } from "../../command.js";
import { help } from "./importHelp.js";
import { importOptions } from "./importOptions.js";

export const importCheckpoint = defineCommand({
  name: "import",
  summary: "make a model of a Hugging Face checkpoint, without Python",
  description:
    "Makes the two GGUF files of a checkpoint, tries them on the example pictures, and keeps them under a name for --model.",
  argument: ["<checkpoint>", "a folder with config.json, tokenizer and weights, as downloaded"],
  options: importOptions,
  help,
  load: async () => (await import("./import.js")).run,
});
