import { open, rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { type ImportedModel, MANIFEST } from "../models/imported.js";
import type { PublishedFile } from "../models/catalogue.js";
import { modelNameOf } from "../models/modelName.js";
import type { ModelFiles } from "../models/resolve.js";
import type { PresetName } from "../prompts/presets.js";
import { throwIfAborted } from "../util/abort.js";
import { hashFile } from "../util/hashFile.js";
import { outputError } from "../util/outputError.js";
import type { ModelPlan, PlanOptions } from "./families/family.js";
import { identityOf, Journal } from "./gguf/journal.js";
import { layOut } from "./gguf/layout.js";
import { PartialFile } from "./gguf/partialFile.js";
import { identify, writeGguf } from "./gguf/writeGguf.js";
import { writeWhole } from "./gguf/writeWhole.js";
import { openCheckpoint, type OpenedCheckpoint } from "./openCheckpoint.js";
import { isQuantised, type Quantisation, type Quantised } from "./quantise/quantisations.js";
import { quantise } from "./quantise/quantise.js";
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
  const names = namesOf(checkpoint, quantisation);
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

function namesOf({ name }: OpenedCheckpoint, quantisation: Quantisation): Names {
  const base = modelNameOf(name);
  return { model: `${base}-${quantisation}.gguf`, mmproj: `mmproj-${base}-F16.gguf` };
}

async function writeFiles(
  plan: ModelPlan,
  names: Names,
  work: WorkFolder,
  options: ImportOptions,
): Promise<void> {
  const { quantisation, signal, onProgress } = options;
  const [text, mmproj] = [layOut(plan.text).size, layOut(plan.mmproj).size];
  const share = (what: string, size: number) => (bytes: number) =>
    onProgress?.(what, Math.min(1, bytes / size));
  const model = work.file(names.model);
  const journal = new Journal(
    `${model}.json`,
    identityOf(quantisation, await identify(plan.text, layOut(plan.text))),
  );
  const quantised = isQuantised(quantisation);
  // A quantised model is at most a little more than half as large as what it is made of.
  await work.checkRoom(text * (quantised ? 1.6 : 1) + mmproj);
  await writeGguf(plan.mmproj, work.file(names.mmproj), {
    signal,
    onBytes: share("writing the picture encoder", mmproj),
  });
  if ((await journal.done()) === 1 && (await PartialFile.size(model)) > 0) return;
  await rm(model, { force: true });
  if (quantised) {
    const full = work.file("full.gguf");
    await writeGguf(plan.text, full, { signal, onBytes: share("writing the language model", text) });
    await makeSmaller(full, model, quantisation, {
      signal,
      onBytes: share(`quantising to ${quantisation}`, 0.55 * text),
    });
    await journal.keep(1);
    await rm(full, { force: true });
  } else {
    await writeGguf(plan.text, model, { signal, onBytes: share("writing the language model", text) });
    await journal.keep(1);
  }
}

type SmallerOptions = NonNullable<Parameters<typeof quantise>[3]>;

/** Under another name until it is whole and on the disk. */
async function makeSmaller(
  from: string,
  to: string,
  type: Quantised,
  options: SmallerOptions,
): Promise<void> {
  const partial = `${to}.part`;
  await quantise(from, partial, type, options);
  try {
    {
      await using file = await open(partial, "r+");
      await file.sync();
    }
    await rename(partial, to);
  } catch (error) {
    throw outputError(to, error);
  }
}

async function describe(
  { family, name, card, folder }: OpenedCheckpoint,
  names: Names,
  work: WorkFolder,
  { source = resolve(folder.path), preset, quantisation, onProgress }: ImportOptions,
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
    quantisation,
    model: await fileOf(names.model),
    mmproj: await fileOf(names.mmproj),
  };
}
