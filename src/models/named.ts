import { stat } from "node:fs/promises";
import { isRepository, isSafeName } from "../hub/repository.js";
import { expected } from "../util/expected.js";
import { shown } from "../util/shown.js";
import { didYouMean } from "../util/suggest.js";
import { type CatalogueModel, isCheckpoint, readCatalogue } from "./catalogue.js";
import type { Wanted } from "./choose.js";
import { findImported, type ImportedModel, listImported } from "./imported.js";
import { isModelName } from "./modelName.js";

/** What a user meant by the name of a model. */
export type Named =
  /** A name of the catalogue; `wanted` where its files are in a repository. */
  | { readonly kind: "catalogue"; readonly model: CatalogueModel; readonly wanted?: Wanted }
  | { readonly kind: "imported"; readonly model: ImportedModel }
  | { readonly kind: "repository"; readonly wanted: Wanted }
  | { readonly kind: "path"; readonly path: string };

const code = "ERR_MODEL_NOT_FOUND";

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * Names of the catalogue go before files of the working folder, which a stranger may have filled: `./name` is the file.
 * @throws {TonescoreError} `ERR_MODEL_NOT_FOUND`
 */
export async function whichModel(text: string): Promise<Named> {
  if (/^https?:/i.test(text)) {
    const remedy = "Name it as hf:owner/repository:quantisation, or download it first.";
    throw expected("a model's name or a file", { code, received: text, remedy });
  }
  if (/^hf:/i.test(text)) return { kind: "repository", wanted: inRepository(text) };
  const known = isModelName(text) ? await knownName(text) : undefined;
  if (known) return known;
  if (isModelName(text) && !(await isThere(text))) throw await unknown(text);
  return { kind: "path", path: text };
}

async function knownName(name: string): Promise<Named | undefined> {
  const model = (await readCatalogue()).find((each) => each.name === name);
  if (model && !isCheckpoint(model)) {
    const wanted = "repository" in model && {
      repository: model.repository,
      model: model.model,
      mmproj: model.mmproj,
    };
    return { kind: "catalogue", model, ...(wanted && { wanted }) };
  }
  const imported = await findImported(name);
  if (imported) return { kind: "imported", model: imported };
  return model && { kind: "catalogue", model };
}

async function unknown(name: string): Promise<Error> {
  const names = [...(await readCatalogue()), ...(await listImported())].map((model) => model.name);
  return expected("a model's name, a .gguf file or a folder", {
    code,
    but: `there is no ${shown(name)}${didYouMean(name, names)}`,
    remedy: "Run tonescore models for the names.",
  });
}

/** `hf:owner/repository`, with `:quantisation` or `/file.gguf`. */
function inRepository(text: string): Wanted {
  const [, repository = "", file, quantisation] =
    /^hf:([^/:]+\/[^/:]+)(?:\/([^:]+))?(?::(.+))?$/i.exec(text) ?? [];
  const fits =
    isRepository(repository) &&
    (file === undefined || (/\.gguf$/i.test(file) && isSafeName(file) && quantisation === undefined)) &&
    (quantisation === undefined || /^[\w-]{1,32}$/.test(quantisation));
  if (!fits) {
    const what = "hf:owner/repository, hf:owner/repository:quantisation or hf:owner/repository/file.gguf";
    throw expected(what, { code, received: text });
  }
  return { repository, quantisation, ...(file !== undefined && { model: { file } }) };
}

/** What `owner/repository/file.gguf` means where it is no path; undefined where it cannot be one. */
export function repositoryFile(path: string): Wanted | undefined {
  const [, repository = "", file = ""] = /^([^/]+\/[^/]+)\/(.+\.gguf)$/i.exec(path) ?? [];
  return isRepository(repository) && isSafeName(file) ? { repository, model: { file } } : undefined;
}
