import { readdir, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { outsideArchive } from "../util/outsideArchive.js";
import { TonescoreError } from "../errors.js";

/** The two files of a vision model: the language model, and the picture encoder that feeds it. */
export interface ModelFiles {
  readonly model: string;
  readonly mmproj: string;
}

const bundledFolder = outsideArchive(join(dirname(fileURLToPath(import.meta.url)), "..", "..", "models"));

/** The small model that ships with the project. */
export const bundledModel: ModelFiles = {
  model: join(bundledFolder, "tonescore-2.gguf"),
  mmproj: join(bundledFolder, "mmproj-tonescore-2.gguf"),
};

const isMmproj = (file: string): boolean => /mmproj/i.test(basename(file));
const notFound = (message: string): TonescoreError => new TonescoreError("ERR_MODEL_NOT_FOUND", message);

function refuseUrl(path: string): void {
  if (/^(https?|hf):/i.test(path)) {
    throw notFound(`The model must be a local file, but received ${path}. Download it first.`);
  }
}

async function ggufFiles(folder: string): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => extname(file).toLowerCase() === ".gguf")
    .sort()
    .map((file) => join(folder, file));
}

async function modelInFolder(folder: string): Promise<string> {
  const files = (await ggufFiles(folder)).filter((file) => !isMmproj(file));
  const [first, ...others] = files;
  if (first === undefined) throw notFound(`No .gguf model in the folder ${folder}`);
  if (others.length > 0) {
    throw notFound(
      `Several models in the folder ${folder}; name one of: ${files.map((file) => basename(file)).join(", ")}`,
    );
  }
  return first;
}

/** How many words the names of two files share: `mmproj-SmolVLM-f16` is more like `SmolVLM-Q8_0` than like `Qwen`. */
function likeness(mmproj: string, model: string): number {
  const words = (path: string): Set<string> =>
    new Set(basename(path, ".gguf").toLowerCase().split(/[-_.]/).filter(Boolean));
  const ofModel = words(model);
  return [...words(mmproj)].filter((word) => ofModel.has(word)).length;
}

async function mmprojBeside(model: string): Promise<string> {
  const found = (await ggufFiles(dirname(model))).filter(isMmproj);
  const ranked = found
    .map((file) => ({ file, likeness: likeness(file, model) }))
    .sort((a, b) => b.likeness - a.likeness);
  const [best, second] = ranked;
  if (best === undefined) {
    throw notFound(
      `No mmproj (picture encoder) beside ${model}. Vision models come as two GGUF files; name the second with --mmproj (library: mmproj).`,
    );
  }
  if (second?.likeness === best.likeness) {
    const names = found.map((file) => basename(file)).join(", ");
    throw notFound(`Several mmproj files fit ${model}: ${names}. Name one with --mmproj (library: mmproj).`);
  }
  return best.file;
}

/**
 * Finds the two files of the model that the user meant: a model file with its mmproj beside it, a folder that holds
 * both, or, where nothing is named, the bundled model.
 * @throws {TonescoreError} `ERR_MODEL_NOT_FOUND`
 */
export async function resolveModel(model?: string, mmproj?: string): Promise<ModelFiles> {
  if (model === undefined) {
    if (mmproj !== undefined) throw notFound(`An mmproj was named (${mmproj}), but no model to go with it.`);
    return bundledModel;
  }
  refuseUrl(model);
  if (mmproj !== undefined) refuseUrl(mmproj);
  const found = await stat(model).catch((cause: unknown) => {
    throw new TonescoreError("ERR_MODEL_NOT_FOUND", `No model at ${model}`, { cause });
  });
  const file = found.isDirectory() ? await modelInFolder(model) : model;
  return { model: file, mmproj: mmproj ?? (await mmprojBeside(file)) };
}
