import { messageOf } from "../util/messageOf.js";
import { expected } from "../util/expected.js";
import { checkArgument, either, path, record } from "../util/arguments.js";
import { shown } from "../util/shown.js";
import { readNamedText } from "../util/namedFile.js";
import { parseJson } from "../util/json.js";
import type { Preset, PresetInput } from "./preset.js";
import { type PresetName, presets } from "./presets.js";
import { didYouMean } from "../util/suggest.js";

const MOST_BYTES = 4 * 2 ** 20;

/** The name of a built-in preset, the path of a JSON file, or a preset itself. */
export type PresetChoice = PresetName | PresetInput | (string & Record<never, never>);

/**
 * A built-in preset by name, one from a JSON file (a path has a slash in it or ends in `.json`), or an object checked
 * and with its defaults.
 * @throws {TonescoreError} `ERR_PRESET`, `ERR_INVALID_ARGUMENT`
 */
export async function loadPreset(choice: PresetChoice): Promise<Preset> {
  checkArgument("the preset", choice, either(path, record));
  return typeof choice === "string" ? presetNamed(choice) : parse(choice, "the preset given");
}

async function presetNamed(nameOrPath: string): Promise<Preset> {
  const builtIn = presets.get(nameOrPath);
  if (builtIn) return builtIn;
  if (/[/\\]|\.json$/i.test(nameOrPath)) return parse(await readJson(nameOrPath), nameOrPath);
  const names = [...presets.keys()];
  throw expected("a preset's name or the path of a .json file", {
    code: "ERR_PRESET",
    but: `there is no preset ${shown(nameOrPath)}${didYouMean(nameOrPath, names)}`,
    remedy: `Built in are: ${names.join(", ")}.`,
  });
}

async function parse(data: unknown, origin: string): Promise<Preset> {
  const { parsePreset } = await import("./parsePreset.js"); // zod is loaded only for what users write
  return parsePreset(data, origin);
}

async function readJson(path: string): Promise<unknown> {
  try {
    return parseJson(Buffer.from(await readNamedText(path, MOST_BYTES)));
  } catch (cause) {
    throw expected(`a preset in "${path}"`, { code: "ERR_PRESET", but: messageOf(cause), cause });
  }
}
