import { defineCommand } from "../../command.js";
import { help } from "./importHelp.js";
import { importOptions } from "./importOptions.js";

export const importCheckpoint = defineCommand({
  name: "import",
  summary: "make a model of a Hugging Face checkpoint, without Python",
  description:
    "Makes the two GGUF files of a checkpoint, downloaded where it is not here, tries them on the example pictures, and keeps them under a name for --model.",
  argument: [
    "<checkpoint>",
    "a name of the catalogue, owner/repository of Hugging Face, or a folder with config.json, tokenizer and weights",
  ],
  options: importOptions,
  help,
  load: async () => (await import("./import.js")).run,
});
