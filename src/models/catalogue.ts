import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageRoot } from "../places.js";
import type { ViewsName } from "../scoring/views.js";

/** A file as it was published. */
export interface PublishedFile {
  readonly file: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** What is known of a model. */
export interface KnownModel {
  readonly name: string;
  /** Pixels of the larger side of what its encoder is shown, whatever the picture's own size. */
  readonly side: number;
  /** How it looks at pictures larger than that, unless the user says otherwise. */
  readonly views: ViewsName;
  /** The prompts that it was taught to answer, as {@link PresetIdentity.prompts} has them. */
  readonly learned: readonly string[];
  readonly model: PublishedFile;
  readonly mmproj: PublishedFile;
}

const ownFolder = fileURLToPath(new URL("models", packageRoot));

/** The models of a folder's catalogue; the bundled one comes first. */
export async function readCatalogue(folder = ownFolder): Promise<readonly KnownModel[]> {
  const text = await readFile(join(folder, "catalogue.json"), "utf8");
  return (JSON.parse(text) as { models: readonly KnownModel[] }).models;
}

/** A model of the catalogue, known by the name in its metadata, wherever its file lies; undefined for all others. */
export async function knownModel(name: string): Promise<KnownModel | undefined> {
  return (await readCatalogue()).find((model) => model.name === name);
}
