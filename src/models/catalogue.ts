import { readFile } from "node:fs/promises";

interface Catalogue {
  readonly models: readonly { readonly name: string; readonly learned: readonly string[] }[];
}

const file = new URL("../../models/catalogue.json", import.meta.url);

/**
 * The prompts that a model of the catalogue was taught to answer, as {@link PresetIdentity.prompts} has them; undefined
 * for other models. It is known by the name in its metadata, wherever its file lies.
 */
export async function learnedPrompts(name: string): Promise<ReadonlySet<string> | undefined> {
  const { models } = JSON.parse(await readFile(file, "utf8")) as Catalogue;
  const known = models.find((model) => model.name === name);
  return known && new Set(known.learned);
}
