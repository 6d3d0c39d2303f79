import { isBundled, isCheckpoint, readCatalogue } from "./catalogue.js";
import { sizeOf } from "./resolveName.js";

/** Models of the catalogue of which the size is known, the largest first, in place of one that is too large. */
export async function smallerModels(): Promise<{ name: string; bytes: number }[]> {
  const models = await readCatalogue();
  return models
    .filter((model) => !isBundled(model) && !isCheckpoint(model))
    .flatMap((model) => {
      const bytes = sizeOf(model);
      return bytes === undefined ? [] : [{ name: model.name, bytes }];
    })
    .sort((one, other) => other.bytes - one.bytes);
}
