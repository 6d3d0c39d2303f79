import { defineCommand } from "../../command.js";
import { help, pathHelp, pullHelp, removeHelp, verifyHelp } from "./help.js";
import { importCheckpoint } from "./importCommand.js";
import { listOptions, pathOptions, pullOptions, removeOptions, verifyOptions } from "./options.js";

const list = defineCommand({
  name: "list",
  summary: "what there is, and what is on this machine, as without a command",
  options: listOptions,
  help: "",
  load: async () => (await import("./list.js")).run,
});

const pull = defineCommand({
  name: "pull",
  summary: "download a model",
  description: "Downloads a model of the catalogue, or any GGUF model of Hugging Face with its mmproj.",
  argument: ["<name>", "of the catalogue, hf:owner/repository:quantisation or hf:owner/repository/file.gguf"],
  options: pullOptions,
  help: pullHelp,
  load: async () => (await import("./pull.js")).run,
});

const verify = defineCommand({
  name: "verify",
  summary: "hold a model's files against their SHA-256",
  argument: ["[name]", "a model that is here; all of them where none is named"],
  options: verifyOptions,
  help: verifyHelp,
  load: async () => (await import("./verify.js")).run,
});

const remove = defineCommand({
  name: "remove",
  summary: "delete a model that was downloaded or imported",
  argument: ["<name>", "a model that is here"],
  options: removeOptions,
  help: removeHelp,
  load: async () => (await import("./remove.js")).run,
});

const path = defineCommand({
  name: "path",
  summary: "print where a model's two files are",
  argument: ["<name>", "a model that is here"],
  options: pathOptions,
  help: pathHelp,
  load: async () => (await import("./path.js")).run,
});

export const models = defineCommand({
  name: "models",
  summary: "list the models that are known by name, download, import and remove them",
  description: "Models by their names: what there is, what is on this machine, and what each is best asked.",
  usage: "[options] [name] | models list|pull|import|verify|remove|path",
  argument: ["[name]", "what is known of this one"],
  options: listOptions,
  help,
  load: async () => (await import("./list.js")).run,
  commands: [list, pull, importCheckpoint, verify, remove, path],
});
