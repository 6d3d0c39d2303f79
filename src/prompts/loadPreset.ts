import { TonescoreError } from "../errors.js";
import { checkArgument, either, path, record } from "../util/arguments.js";
import { FileProblem, readNamedText } from "../util/namedFile.js";
import { checkShape } from "../util/json.js";
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
  throw new TonescoreError(
    "ERR_PRESET",
    `There is no preset "${nameOrPath}"${didYouMean(nameOrPath, names)}. ` +
      `Built in are: ${names.join(", ")}. For a preset of your own give the path of a .json file.`,
  );
}

async function parse(data: unknown, origin: string): Promise<Preset> {
  const { parsePreset } = await import("./preset.js"); // zod is loaded only for what users write
  return parsePreset(data, origin);
}

async function readJson(path: string): Promise<unknown> {
  const content = await readNamedText(path, MOST_BYTES).catch((cause: unknown) => {
    const reason = (cause as FileProblem).notFound ? "there is no such file" : (cause as FileProblem).message;
    throw new TonescoreError("ERR_PRESET", `The preset file ${path} cannot be read: ${reason}.`, { cause });
  });
  try {
    checkShape(Buffer.from(content));
    return JSON.parse(content);
  } catch (cause) {
    const problem =
      cause instanceof FileProblem ? `cannot be used: ${cause.message}.` : `is not JSON: ${String(cause)}`;
    throw new TonescoreError("ERR_PRESET", `The preset file ${path} ${problem}`, { cause });
  }
}
