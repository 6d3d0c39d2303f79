import { readFile } from "node:fs/promises";
import { TonescoreError } from "../errors.js";
import type { Preset } from "./preset.js";
import { presets } from "./presets.js";
import { didYouMean } from "./suggest.js";

/** A built-in preset by name, or one from a JSON file: a path has a slash in it or ends in `.json`. */
export async function loadPreset(nameOrPath: string): Promise<Preset> {
  const builtIn = presets.get(nameOrPath);
  if (builtIn) return builtIn;
  if (/[/\\]|\.json$/i.test(nameOrPath)) {
    const { parsePreset } = await import("./preset.js"); // zod is loaded only for what users write
    return parsePreset(await readJson(nameOrPath), nameOrPath);
  }
  const names = [...presets.keys()];
  throw new TonescoreError(
    "ERR_PRESET",
    `There is no preset "${nameOrPath}"${didYouMean(nameOrPath, names)}. ` +
      `Built in are: ${names.join(", ")}. For a preset of your own give the path of a .json file.`,
  );
}

async function readJson(path: string): Promise<unknown> {
  let content: string;
  try {
    content = await readFile(path, "utf8");
  } catch (cause) {
    const reason =
      (cause as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such file" : String(cause);
    throw new TonescoreError("ERR_PRESET", `The preset file ${path} cannot be read: ${reason}.`, { cause });
  }
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw new TonescoreError("ERR_PRESET", `The preset file ${path} is not JSON: ${String(cause)}`, {
      cause,
    });
  }
}
