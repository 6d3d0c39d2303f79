import { TonescoreError } from "../../errors.js";
import { loadDataset } from "../../evaluate/dataset.js";
import type { Dependencies } from "../io.js";
import type { SourceFlags } from "./options.js";
import { systemsFromModels } from "./scoring.js";
import { type Systems, systemsFromLogits } from "./systems.js";
import type { Watch } from "./watch.js";

const wrong = (message: string): TonescoreError => new TonescoreError("ERR_INVALID_ARGUMENT", message);

/** The scores that flags ask for, from models or from stored logits. */
export async function readSystems(
  path: string | undefined,
  flags: SourceFlags,
  watch: Watch,
  dependencies: Dependencies,
): Promise<Systems> {
  if (flags.resume === true && flags.results === undefined) {
    throw wrong("--resume needs the folder to go on with: --results FOLDER.");
  }
  const dataset = path === undefined ? undefined : await loadDataset(path, flags);
  if (flags.fromLogits) return systemsFromLogits(flags.fromLogits, dataset, flags);
  if (!dataset) throw wrong("Expected a dataset: a list of files and MOS, or the folder of a published one.");
  return { dataset, systems: await systemsFromModels(dataset, flags, watch, dependencies) };
}
