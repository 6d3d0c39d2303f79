import { readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { type PresetName, presets } from "../prompts/presets.js";
import { expected } from "../util/expected.js";
import { isRecord } from "../util/isRecord.js";
import { parseJson } from "../util/json.js";
import { messageOf } from "../util/messageOf.js";
import { isCheckpoint, type PublishedFile, readCatalogue } from "./catalogue.js";
import { isModelName } from "./modelName.js";
import type { ModelFiles } from "./resolve.js";

/** What is known of a model that was imported; it stands beside its files. */
export interface ImportedModel {
  readonly version: 1;
  readonly name: string;
  readonly family: string;
  /** The repository or folder that it was made of. */
  readonly source: string;
  readonly licence?: string;
  /** Whose questions it was taught to answer. */
  readonly preset?: PresetName;
  /** Of videos, where those are others. */
  readonly videoPreset?: PresetName;
  /** The chat template by name, where it brings none. */
  readonly template?: string;
  readonly quantisation: string;
  readonly model: PublishedFile;
  readonly mmproj: PublishedFile;
}

export const MANIFEST = "tonescore.json";
/** What the folder of one that is being made ends in. */
export const UNDER_WAY = ".importing";

/**
 * Where imported models lie, each in a folder of its name: with the user's data, as each system has it.
 * @throws {TonescoreError} `ERR_INVALID_ARGUMENT` where the user has no home
 */
export function importedFolder(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  return join(dataFolder(env, platform), "tonescore", "models");
}

function dataFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const named = [env.XDG_DATA_HOME, platform === "win32" ? env.LOCALAPPDATA : undefined];
  // A relative one would be below the folder that one stands in, and counts for nothing by XDG's own rule.
  const found = named.find((folder) => folder !== undefined && isAbsolute(folder));
  if (found !== undefined) return found;
  const parts: Partial<Record<NodeJS.Platform, readonly string[]>> = {
    win32: ["AppData", "Local"],
    darwin: ["Library", "Application Support"],
  };
  try {
    return join(homedir(), ...(parts[platform] ?? [".local", "share"]));
  } catch (cause) {
    const remedy = "Set XDG_DATA_HOME.";
    throw expected("a home folder for models that are imported", { but: "you have none", remedy, cause });
  }
}

/**
 * The model in a folder; undefined where none was imported there.
 * @throws {TonescoreError} `ERR_MODEL_INVALID` where its manifest cannot be read.
 */
export async function readImported(folder: string): Promise<ImportedModel | undefined> {
  const path = join(folder, MANIFEST);
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined) return undefined;
  try {
    const found = parseJson(bytes);
    if (isManifest(found)) return found;
    throw new Error("it has another form");
  } catch (cause) {
    const remedy = "Remove that folder, and import the model once more.";
    throw expected(`what is known of an imported model in "${path}"`, {
      code: "ERR_MODEL_INVALID",
      but: messageOf(cause),
      remedy,
      cause,
    });
  }
}

/** All that were imported, in the order of their names; what cannot be read is told where it is asked for. */
export async function listImported(folder = importedFolder()): Promise<ImportedModel[]> {
  const names = (await readdir(folder).catch(() => [])).sort();
  const found = await Promise.all(names.map((name) => findImported(name, folder).catch(() => undefined)));
  return found.filter((model) => model !== undefined);
}

/**
 * The model of that name; undefined where none was imported.
 * @throws {TonescoreError} `ERR_MODEL_INVALID` where its manifest cannot be read.
 */
export async function findImported(
  name: string,
  folder = importedFolder(),
): Promise<ImportedModel | undefined> {
  if (!isModelName(name) || name.endsWith(UNDER_WAY)) return undefined;
  const found = await readImported(join(folder, name));
  return found?.name === name ? found : undefined; // another, of which somebody has moved the folder
}

/**
 * The names of the catalogue are free only for what has to be made from a checkpoint.
 * @throws {TonescoreError} `ERR_INVALID_ARGUMENT`
 */
export async function refuseTakenName(name: string): Promise<void> {
  const model = (await readCatalogue()).find((each) => each.name === name);
  if (model === undefined || isCheckpoint(model)) return;
  const but = `"${name}" is another model there`;
  throw expected("a name that the catalogue does not have", { but, remedy: "Name another with --name." });
}

/** Where the two files of an imported model are. */
export function importedFiles({ name, model, mmproj }: ImportedModel, folder = importedFolder()): ModelFiles {
  return { model: join(folder, name, model.file), mmproj: join(folder, name, mmproj.file) };
}

const isFile = (value: unknown): value is PublishedFile =>
  isRecord(value) &&
  typeof value.file === "string" &&
  /^[\w.-]+\.gguf$/.test(value.file) &&
  Number.isSafeInteger(value.bytes) &&
  /^[\da-f]{64}$/.test(String(value.sha256));

const isPresetName = (name: unknown): boolean =>
  name === undefined || (typeof name === "string" && presets.has(name));

const isManifest = (value: unknown): value is ImportedModel =>
  isRecord(value) &&
  value.version === 1 &&
  [value.name, value.family, value.source, value.quantisation].every((text) => typeof text === "string") &&
  (value.licence === undefined || typeof value.licence === "string") &&
  [value.preset, value.videoPreset].every(isPresetName) &&
  (value.template === undefined || (typeof value.template === "string" && /^[\w-]+$/.test(value.template))) &&
  isFile(value.model) &&
  isFile(value.mmproj);
