import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageRoot } from "../places.js";
import type { PresetName } from "../prompts/presets.js";
import type { ViewsName } from "../scoring/views.js";

/** A file as it was published. */
export interface PublishedFile {
  readonly file: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** A file of a repository, and what is publicly known of it. */
export type RepositoryFileName = Pick<PublishedFile, "file"> & Partial<PublishedFile>;

/** What is said of every model. */
interface Entry {
  /** By which it is asked for. */
  readonly name: string;
  readonly title: string;
  readonly licence: string;
  /** What it is best asked. */
  readonly preset: PresetName;
  /** Of videos, where that is another. */
  readonly videoPreset?: PresetName;
  /** How it looks at pictures larger than its input, unless the user says otherwise. */
  readonly views: ViewsName;
  /** Where it stands what was measured about it; absent where nothing was. */
  readonly measured?: string;
}

/** The one that comes with tonescore. */
export interface KnownModel extends Entry {
  /** Pixels of the larger side of what its encoder is shown, whatever the picture's own size. */
  readonly side: number;
  /** The prompts that it was taught to answer, as {@link PresetIdentity.prompts} has them. */
  readonly learned: readonly string[];
  readonly model: PublishedFile;
  readonly mmproj: PublishedFile;
}

/** One whose files can be downloaded as they are. */
export interface DownloadedModel extends Entry {
  readonly repository: string;
  readonly model: RepositoryFileName;
  readonly mmproj: RepositoryFileName;
}

/** One that is made from its authors' checkpoint. */
export interface CheckpointModel extends Entry {
  readonly checkpoint: string;
}

export type CatalogueModel = KnownModel | DownloadedModel | CheckpointModel;

export const isBundled = (model: CatalogueModel): model is KnownModel => "learned" in model;
export const isDownloaded = (model: CatalogueModel): model is DownloadedModel => "repository" in model;
export const isCheckpoint = (model: CatalogueModel): model is CheckpointModel => "checkpoint" in model;

const ownFolder = fileURLToPath(new URL("models", packageRoot));

/** The models of a folder's catalogue; the bundled one comes first. */
export async function readCatalogue(folder = ownFolder): Promise<readonly CatalogueModel[]> {
  const text = await readFile(join(folder, "catalogue.json"), "utf8");
  return (JSON.parse(text) as { models: readonly CatalogueModel[] }).models;
}

/** What is known of a model by the name in its metadata, wherever its file lies; undefined for most. */
export async function knownModel(name: string): Promise<KnownModel | undefined> {
  return (await readCatalogue()).filter(isBundled).find((model) => model.name === name);
}
