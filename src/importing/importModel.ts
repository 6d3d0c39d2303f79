import { resolve } from "node:path";
import { type ImportedModel, MANIFEST } from "../models/imported.js";
import type { PublishedFile } from "../models/catalogue.js";
import { modelNameOf } from "../models/modelName.js";
import type { ModelFiles } from "../models/resolve.js";
import type { PresetName } from "../prompts/presets.js";
import { throwIfAborted } from "../util/abort.js";
import { hashFile } from "../util/hashFile.js";
import type { ModelPlan, PlanOptions } from "./families/family.js";
import { layOut } from "./gguf/layout.js";
import { PartialFile } from "./gguf/partialFile.js";
import { writeWhole } from "./gguf/writeWhole.js";
import { ModelWriter } from "./modelWriter.js";
import { openCheckpoint, type OpenedCheckpoint } from "./openCheckpoint.js";
import { isQuantised, type Quantisation } from "./quantise/quantisations.js";
import { matchTypes, quantise } from "./quantise/quantise.js";
import { WorkFolder } from "./workFolder.js";

export interface ImportOptions {
  /** Of the checkpoint, as it was downloaded. */
  readonly folder: string;
  /** What the model is called; the folder's name where absent. It is the manifest's too, by which `--model` finds it. */
  readonly name?: string | undefined;
  /** The repository that the checkpoint comes from; the folder where absent. */
  readonly source?: string | undefined;
  /** The folder that is made for the model. */
  readonly target: string;
  readonly quantisation: Quantisation;
  readonly companion?: PlanOptions["companion"];
  /** Whose questions the model was taught to answer, where that is known. */
  readonly preset?: PresetName | undefined;
  /** Of videos, where that is another. */
  readonly videoPreset?: PresetName | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with what is under way, and how much of it is done, from 0 to 1. */
  readonly onProgress?: ((what: string, fraction: number) => void) | undefined;
  /** Tries the model out before it takes its place: where it throws, there is none. */
  readonly check: (files: ModelFiles, template: string | undefined) => Promise<void>;
}

/**
 * Makes the two files of a model of a checkpoint, checks them, and puts them in a folder of their own. One that was cut
 * is gone on with by the next call of the same.
 * @throws {TonescoreError} `ERR_MODEL_NOT_FOUND`, `ERR_MODEL_INVALID`, `ERR_OUTPUT`, `ERR_ABORTED`, and what `check`
 * throws
 */
export async function importModel(options: ImportOptions): Promise<ImportedModel> {
  const { folder, name, quantisation, target, companion, signal } = options;
  const checkpoint = await openCheckpoint(folder, name);
  const weights = isQuantised(quantisation) ? {} : { weights: quantisation };
  const plan = await checkpoint.family.plan(checkpoint, { ...weights, ...(companion && { companion }) });
  await using work = await WorkFolder.open(target);
  const names = namesOf(checkpoint, plan, quantisation);
  await writeFiles(plan, names, work, options);
  const manifest = await describe(checkpoint, names, work, options);
  const template = plan.text.metadata.entries.has("tokenizer.chat_template")
    ? undefined
    : checkpoint.family.template;
  throwIfAborted(signal);
  await options.check({ model: work.file(names.model), mmproj: work.file(names.mmproj) }, template);
  await writeWhole(
    work.file(MANIFEST),
    `${JSON.stringify({ ...manifest, ...(template && { template }) }, null, 2)}\n`,
  );
  await work.finish([names.model, names.mmproj, MANIFEST]);
  return { ...manifest, ...(template && { template }) };
}

interface Names {
  readonly model: string;
  readonly mmproj: string;
}

function namesOf({ name }: OpenedCheckpoint, { standIns }: ModelPlan, quantisation: Quantisation): Names {
  const base = modelNameOf(name);
  // A picture encoder keeps 16 bits.
  const seen = standIns === undefined ? "F16" : quantisation;
  return { model: `${base}-${quantisation}.gguf`, mmproj: `mmproj-${base}-${seen}.gguf` };
}

async function writeFiles(
  plan: ModelPlan,
  names: Names,
  work: WorkFolder,
  options: ImportOptions,
): Promise<void> {
  const { quantisation, signal } = options;
  const [text, mmproj] = [layOut(plan.text).size, layOut(plan.mmproj).size];
  const quantised = isQuantised(quantisation);
  // A quantised model is at most a little more than half as large as what it is made of.
  await work.checkRoom(text * (quantised ? 1.6 : 1) + mmproj);
  const files = new ModelWriter(work, options);
  const seen = { plan: plan.mmproj, what: "the picture encoder", path: work.file(names.mmproj) };
  const said = { plan: plan.text, what: "the language model", path: work.file(names.model) };
  const { standIns } = plan;
  if (!quantised) {
    await files.write(seen);
    await files.write(said);
    return;
  }
  if (standIns === undefined) await files.write(seen);
  await files.writeSmaller(said, (input, output, onBytes) =>
    quantise(input, output, quantisation, { signal, onBytes }),
  );
  if (standIns === undefined) return;
  await files.writeSmaller(seen, (input, output, onBytes) =>
    matchTypes({ input, like: said.path, prefix: standIns, output }, { signal, onBytes }),
  );
}

async function describe(
  { family, name, card, folder }: OpenedCheckpoint,
  names: Names,
  work: WorkFolder,
  { source = resolve(folder.path), preset, videoPreset, quantisation, onProgress }: ImportOptions,
): Promise<ImportedModel> {
  const fileOf = async (file: string): Promise<PublishedFile> => {
    onProgress?.(`hashing ${file}`, 0);
    return { file, bytes: await PartialFile.size(work.file(file)), sha256: await hashFile(work.file(file)) };
  };
  return {
    version: 1,
    name,
    family: family.name,
    source,
    ...(card.licence !== undefined && { licence: card.licence }),
    ...(preset !== undefined && { preset }),
    ...(videoPreset !== undefined && { videoPreset }),
    quantisation,
    model: await fileOf(names.model),
    mmproj: await fileOf(names.mmproj),
  };
}
