import { basename, join, resolve } from "node:path";
import { readCard } from "./card.js";
import { indexTensors } from "./checkpoint/checkpoint.js";
import { CheckpointFolder } from "./checkpoint/folder.js";
import { invalid } from "./checkpoint/invalid.js";
import { Settings } from "./checkpoint/settings.js";
import type { Checkpoint, Family } from "./families/family.js";
import { findFamily } from "./families/families.js";

export interface OpenedCheckpoint extends Checkpoint {
  readonly family: Family;
}

/**
 * Opens a folder as it was downloaded, and reads what its files say of themselves; no weights.
 * @param name what the model is called; the folder's name where absent.
 * @throws {TonescoreError} `ERR_MODEL_NOT_FOUND`, `ERR_MODEL_INVALID`
 */
export async function openCheckpoint(
  path: string,
  name = basename(resolve(path)),
): Promise<OpenedCheckpoint> {
  const folder = await CheckpointFolder.open(path);
  return {
    ...(await readConfig(folder)),
    folder,
    name,
    tensors: await indexTensors(folder),
    card: await readCard(folder),
  };
}

/**
 * Reads config.json, which says of which family the checkpoint is.
 * @throws {TonescoreError} `ERR_MODEL_INVALID`
 */
export async function readConfig(
  folder: CheckpointFolder,
): Promise<Pick<OpenedCheckpoint, "config" | "settings" | "family">> {
  const place = join(folder.path, "config.json");
  const config = await folder.json("config.json");
  if (config === undefined) {
    const remedy = "A checkpoint is a folder as it is downloaded from Hugging Face, with all its files.";
    throw invalid(`the settings of a model at "${place}"`, "nothing is there", remedy);
  }
  const settings = new Settings(config, place);
  return { config, settings, family: findFamily(folder, settings) };
}
