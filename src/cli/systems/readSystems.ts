import { TonescoreError } from "../../errors.js";
import { type Dataset, loadDataset } from "../../evaluate/datasets/loadDataset.js";
import { loadPreset } from "../../prompts/loadPreset.js";
import type { Dependencies } from "../terminal/io.js";
import { checkDistinct } from "../options/runPresets.js";
import { pick } from "../options/settings.js";
import type { SourceFlags } from "./options.js";
import { systemsFromModels } from "./systemsFromModels.js";
import { type Systems, systemsFromLogits } from "./systemsFromLogits.js";
import type { Watch } from "../terminal/watch.js";
import { mapInTurn } from "../../util/mapInTurn.js";

const datasetFlags = [
  ...(["folder", "fileColumn", "mosColumn", "groupColumn"] as const),
  ...(["dmos", "allowMissing", "allowDuplicates"] as const),
];

const wrong = (message: string): TonescoreError => new TonescoreError("ERR_INVALID_ARGUMENT", message);

/** The dataset that the user names; undefined where stored logits are to bring one along. */
export async function readDataset(
  path: string | undefined,
  flags: SourceFlags,
): Promise<Dataset | undefined> {
  if (flags.resume === true && flags.results === undefined) {
    throw wrong("--resume needs the folder to go on with: --results FOLDER.");
  }
  if (path !== undefined) return loadDataset(path, pick(flags, datasetFlags));
  if (flags.fromLogits) return undefined;
  throw wrong("Expected a dataset: a list of files and MOS, or the folder of a published one.");
}

/** All that a dataset has read. */
export const filesOf = (dataset: Dataset | undefined): string[] =>
  dataset ? [dataset.path, ...dataset.rows.map(({ path }) => path)] : [];

/** The scores that flags ask for, from models or from stored logits. */
export async function readSystems(
  dataset: Dataset | undefined,
  flags: SourceFlags,
  watch: Watch,
  dependencies: Dependencies,
): Promise<Systems> {
  await checkPresets(flags); // a mistake is told before a model is loaded
  if (flags.fromLogits) return systemsFromLogits(flags.fromLogits, dataset, flags);
  if (!dataset) throw wrong("Expected a dataset or --from-logits.");
  return { dataset, systems: await systemsFromModels(dataset, flags, watch, dependencies) };
}

async function checkPresets({ preset = [] }: SourceFlags): Promise<void> {
  const presets = await mapInTurn(preset, (choice) => loadPreset(choice));
  checkDistinct(presets.map(({ name }) => name));
}
