import { readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { expected } from "../util/expected.js";
import { isRecord } from "../util/isRecord.js";
import { parseJson } from "../util/json.js";
import { messageOf } from "../util/messageOf.js";
import type { PublishedFile } from "./catalogue.js";

/** What is known of a model that was imported; it stands beside its files. */
export interface ImportedModel {
  readonly version: 1;
  readonly name: string;
  readonly family: string;
  /** The repository or folder that it was made of. */
  readonly source: string;
  readonly licence?: string;
  /** Whose questions it was taught to answer. */
  readonly preset?: string;
  /** The chat template by name, where it brings none. */
  readonly template?: string;
  readonly quantisation: string;
  readonly model: PublishedFile;
  readonly mmproj: PublishedFile;
}

export const MANIFEST = "tonescore.json";

/** Where imported models lie, each in a folder of its name: with the user's data, as each system has it. */
export function importedFolder(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  const home = homedir();
  const data = {
    win32: env.LOCALAPPDATA ?? join(home, "AppData", "Local"),
    darwin: join(home, "Library", "Application Support"),
  }[platform as string];
  return join(data ?? env.XDG_DATA_HOME ?? join(home, ".local", "share"), "tonescore", "models");
}

/** A model's name as that of a folder or file. */
export const fileNameOf = (name: string): string =>
  name.replace(/[^\w.-]+/g, "-").replace(/^[-.]+|[-.]+$/g, "") || "model";

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

/** Of all that were imported, in the order of their names. */
export async function listImported(folder = importedFolder()): Promise<ImportedModel[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => !name.endsWith(".importing")).sort();
  const found = await Promise.all(names.map((name) => readImported(join(folder, name))));
  return found.filter((model) => model !== undefined);
}

/** The two files of the model of that name; undefined where none was imported. */
export async function findImported(
  name: string,
  folder = importedFolder(),
): Promise<{ readonly model: string; readonly mmproj: string } | undefined> {
  const own = join(folder, fileNameOf(name));
  const found = await readImported(own);
  return found && { model: join(own, found.model.file), mmproj: join(own, found.mmproj.file) };
}

const isFile = (value: unknown): value is PublishedFile =>
  isRecord(value) &&
  typeof value.file === "string" &&
  /^[\w.-]+\.gguf$/.test(value.file) &&
  Number.isSafeInteger(value.bytes) &&
  /^[\da-f]{64}$/.test(String(value.sha256));

const isManifest = (value: unknown): value is ImportedModel =>
  isRecord(value) &&
  value.version === 1 &&
  [value.name, value.family, value.source, value.quantisation].every((text) => typeof text === "string") &&
  [value.licence, value.preset, value.template].every(
    (text) => text === undefined || typeof text === "string",
  ) &&
  isFile(value.model) &&
  isFile(value.mmproj);
