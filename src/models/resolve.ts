import { readdir, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { fileProblem } from "../util/namedFile.js";
import { expected } from "../util/expected.js";
import { bundledModel, checkBundledModel } from "./bundled.js";
import { isMmproj, likeness } from "./likeness.js";

/** The two files of a vision model: the language model, and the picture encoder that feeds it. */
export interface ModelFiles {
  readonly model: string;
  readonly mmproj: string;
}

/** What a model's name leads to. */
export interface ResolvedModel extends ModelFiles {
  /** The chat template by name that it needs, where it brings none. */
  readonly template?: string;
}

const code = "ERR_MODEL_NOT_FOUND";

function refuseUrl(path: string): void {
  if (!/^(https?|hf):/i.test(path)) return;
  throw expected("a local file for the mmproj", {
    code,
    but: `received ${path}`,
    remedy: "Download it first.",
  });
}

async function ggufFiles(folder: string): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => extname(file).toLowerCase() === ".gguf")
    .sort()
    .map((file) => join(folder, file));
}

const namesOf = (files: readonly string[]): string => files.map((file) => basename(file)).join(", ");

async function modelInFolder(folder: string): Promise<string> {
  const files = (await ggufFiles(folder)).filter((file) => !isMmproj(file));
  const [first, ...others] = files;
  if (first === undefined) {
    throw expected(`a .gguf model in the folder "${folder}"`, { code, but: "there is none" });
  }
  if (others.length > 0) {
    const but = `there are ${files.length}: ${namesOf(files)}`;
    throw expected(`one .gguf model in the folder "${folder}"`, { code, but, remedy: "Name one." });
  }
  return first;
}

async function mmprojBeside(model: string): Promise<string> {
  const found = (await ggufFiles(dirname(model))).filter(isMmproj);
  const ranked = found
    .map((file) => ({ file, likeness: likeness(file, model) }))
    .sort((a, b) => b.likeness - a.likeness);
  const [best, second] = ranked;
  if (best === undefined) {
    throw expected(`an mmproj (picture encoder) beside "${model}"`, {
      code,
      but: "there is none",
      remedy: "Vision models come as two GGUF files; name the second with --mmproj (library: mmproj).",
    });
  }
  if (second?.likeness === best.likeness) {
    throw expected(`one mmproj that fits "${model}"`, {
      code,
      but: `there are several: ${namesOf(found)}`,
      remedy: "Name one with --mmproj (library: mmproj).",
    });
  }
  return best.file;
}

/** What is a path and nothing else: `./name`, `../name`, `/name`, `C:\\name`. */
const isPath = /^(?:\.{0,2}|[A-Za-z]:)[/\\]/;

/**
 * Finds the two files of the model that the user meant: a name of the catalogue or of a repository that was downloaded,
 * a model file with its mmproj beside it, a folder that holds both, or, where nothing is named, the bundled model.
 * @throws {TonescoreError} `ERR_MODEL_NOT_FOUND`, `ERR_MODEL_INVALID`
 */
export async function resolveModel(model?: string, mmproj?: string): Promise<ResolvedModel> {
  if (model === undefined) {
    if (mmproj === undefined) return bundled();
    throw expected(`a model to go with the mmproj "${mmproj}"`, { code, but: "none is named" });
  }
  if (mmproj !== undefined) refuseUrl(mmproj);
  if (isPath.test(model)) return filesAt(model, mmproj);
  const { resolveName } = await import("./resolveName.js"); // which a run with a path or the bundled model does not need
  const found = await resolveName(model);
  if (found === "bundled") return mmproj === undefined ? bundled() : { ...(await bundled()), mmproj };
  if (!("path" in found)) return { ...found, ...(mmproj !== undefined && { mmproj }) };
  return filesAt(found.path, mmproj);
}

async function bundled(): Promise<ModelFiles> {
  await checkBundledModel();
  return bundledModel;
}

async function filesAt(path: string, mmproj: string | undefined): Promise<ModelFiles> {
  const found = await stat(path).catch((cause: unknown) => {
    throw expected(`a model at "${path}"`, { code, but: fileProblem(cause).message, cause });
  });
  const file = found.isDirectory() ? await modelInFolder(path) : path;
  return { model: file, mmproj: mmproj ?? (await mmprojBeside(file)) };
}
