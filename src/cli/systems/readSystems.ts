import { expected } from "../../util/expected.js";
import { type Dataset, loadDataset } from "../../evaluate/datasets/loadDataset.js";
import type { Dependencies } from "../terminal/io.js";
import { datasetOptions } from "../../options/datasetOptions.js";
import { typedOf } from "../../options/option.js";
import { readPresets } from "../options/runPresets.js";
import { presetsAsked } from "../options/scoring.js";
import { sharedOptions, type SourceFlags } from "./options.js";
import { systemsFromModels } from "./systemsFromModels.js";
import { type Systems, systemsFromLogits } from "./systemsFromLogits.js";
import type { CommandRun } from "../terminal/commandRun.js";

/** The dataset that the user names; undefined where stored logits are to bring one along. */
export async function readDataset(
  path: string | undefined,
  flags: SourceFlags,
): Promise<Dataset | undefined> {
  if (flags.resume === true && flags.results === undefined) {
    const remedy = "Name it with --results FOLDER.";
    throw expected("the folder to go on with", { for: "--resume", but: "none is named", remedy });
  }
  if (path !== undefined) return loadDataset(path, typedOf(datasetOptions, flags));
  if (flags.fromLogits) return undefined;
  const remedy = "Name a list of files and MOS, or the folder of a published one.";
  throw expected("a dataset", { but: "none is named", remedy });
}

/** All that a dataset has read. */
export const filesOf = (dataset: Dataset | undefined): string[] =>
  dataset ? [dataset.path, ...dataset.rows.map(({ path }) => path)] : [];

/** The scores that flags ask for, from models or from stored logits. */
export async function readSystems(
  dataset: Dataset | undefined,
  flags: SourceFlags,
  run: CommandRun,
  dependencies: Dependencies,
): Promise<Systems> {
  const [model, ...others] = flags.model ?? [];
  // A mistake is told before a model is loaded. Several models are asked the same, so that they can be compared.
  const presets = await readPresets({
    ...typedOf(sharedOptions, flags),
    ...presetsAsked(flags.preset),
    ...(model !== undefined && others.length === 0 && { model }),
  });
  if (flags.fromLogits) return systemsFromLogits(flags.fromLogits, dataset, flags);
  if (!dataset) throw expected("a dataset or --from-logits", { but: "neither is named" });
  return { dataset, systems: await systemsFromModels(dataset, flags, presets, run, dependencies) };
}

/** What is told where a run was stopped. */
export const ifStopped = ({ results }: SourceFlags): string =>
  `stopped${results === undefined ? "" : "; --resume goes on with what is in --results"}`;
