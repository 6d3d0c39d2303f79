import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Hub } from "../hub/environment.js";
import { isSafeName } from "../hub/repository.js";
import { expected } from "../util/expected.js";
import { isRecord } from "../util/isRecord.js";
import { parseJson } from "../util/json.js";
import { readNamedText } from "../util/namedFile.js";
import { isDownloaded, type PublishedFile, readCatalogue, isBundled } from "./catalogue.js";

/** A model that was made on this machine from a checkpoint, and can be asked for by its name. */
export interface RegisteredModel {
  readonly name: string;
  /** What it was made from, for a person: a repository or a folder. */
  readonly source: string;
  /** Files in its folder. */
  readonly model: PublishedFile;
  readonly mmproj: PublishedFile;
}

/** Beside both files, what they are. */
export const DOCUMENT = "model.json";
const MOST_BYTES = 2 ** 16;

/** A bare word, which no path of two parts is. */
export const isModelName = (text: string): boolean =>
  /^[A-Za-z0-9][\w.-]{0,63}$/.test(text) && !/\.gguf$|\.$/i.test(text);

const root = ({ assets }: Hub): string => join(assets, "models");

/** Where the files of a registered model are. */
export const registeredFolder = (hub: Hub, name: string): string => join(root(hub), name);

/** Makes an empty folder beside the registered ones, to be filled and given to {@link registerModel}. */
export async function stagingFolder(hub: Hub, name: string): Promise<string> {
  const folder = join(root(hub), `.${await checkName(name)}.importing`);
  await mkdir(folder, { recursive: true });
  return folder;
}

/**
 * Gives a folder with both files its place, so that `--model NAME` finds it; one of the same name from before goes.
 * @param staged from {@link stagingFolder}
 * @throws {TonescoreError} `ERR_INVALID_ARGUMENT` where the name is taken by the catalogue
 */
export async function registerModel(hub: Hub, model: RegisteredModel, staged: string): Promise<string> {
  const folder = registeredFolder(hub, await checkName(model.name));
  await writeFile(join(staged, DOCUMENT), `${JSON.stringify(model, null, 2)}\n`);
  const old = join(root(hub), `.${model.name}.old`);
  await rm(old, { recursive: true, force: true });
  await rename(folder, old).catch(() => undefined); // there was none
  await rename(staged, folder);
  await rm(old, { recursive: true, force: true });
  return folder;
}

/** The names of the catalogue are free only for what has to be made from a checkpoint. */
async function checkName(name: string): Promise<string> {
  const mistake = { for: "the model's name", received: name };
  if (!isModelName(name)) throw expected("letters, digits, dots, dashes and underscores", mistake);
  const taken = (await readCatalogue()).some(
    (model) => model.name === name && (isBundled(model) || isDownloaded(model)),
  );
  if (taken) throw expected("a name that the catalogue does not have", mistake);
  return name;
}

/** The model of that name; undefined where there is none, or its folder holds something else. */
export async function registeredModel(hub: Hub, name: string): Promise<RegisteredModel | undefined> {
  if (!isModelName(name)) return undefined;
  const path = join(registeredFolder(hub, name), DOCUMENT);
  try {
    return read(parseJson(Buffer.from(await readNamedText(path, MOST_BYTES))), name);
  } catch {
    return undefined;
  }
}

export async function registeredModels(hub: Hub): Promise<RegisteredModel[]> {
  const names = (await readdir(root(hub)).catch(() => [])).sort();
  const found = await Promise.all(names.map((name) => registeredModel(hub, name)));
  return found.filter((model) => model !== undefined);
}

function read(document: unknown, name: string): RegisteredModel | undefined {
  if (!isRecord(document) || document.name !== name || typeof document.source !== "string") return undefined;
  const [model, mmproj] = [publishedFile(document.model), publishedFile(document.mmproj)];
  return model && mmproj && { name, source: document.source, model, mmproj };
}

function publishedFile(value: unknown): PublishedFile | undefined {
  if (!isRecord(value)) return undefined;
  const { file, bytes, sha256 } = value;
  const fits = typeof file === "string" && isSafeName(file) && !file.includes("/");
  return fits && typeof bytes === "number" && typeof sha256 === "string"
    ? { file, bytes, sha256 }
    : undefined;
}
