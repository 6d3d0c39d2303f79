import { readFile } from "node:fs/promises";
import { packageRoot } from "../places.js";

/** What is known of a model. */
export interface KnownModel {
  readonly name: string;
  /** Pixels of the larger side of what its encoder is shown, whatever the picture's own size. */
  readonly side: number;
  /** The prompts that it was taught to answer, as {@link PresetIdentity.prompts} has them. */
  readonly learned: readonly string[];
}

const file = new URL("models/catalogue.json", packageRoot);

/** A model of the catalogue, known by the name in its metadata, wherever its file lies; undefined for all others. */
export async function knownModel(name: string): Promise<KnownModel | undefined> {
  const { models } = JSON.parse(await readFile(file, "utf8")) as { models: readonly KnownModel[] };
  return models.find((model) => model.name === name);
}
