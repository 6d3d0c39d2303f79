import { stat } from "node:fs/promises";
import type { Hub } from "../hub/environment.js";
import { isRepository, isSafeName } from "../hub/repository.js";
import { expected } from "../util/expected.js";
import { shown } from "../util/shown.js";
import { didYouMean } from "../util/suggest.js";
import { type CatalogueModel, isDownloaded, readCatalogue } from "./catalogue.js";
import type { Wanted } from "./choose.js";
import { isModelName, registeredModel, registeredModels, type RegisteredModel } from "./registered.js";

/** What a user meant by the name of a model. */
export type Named =
  /** A name of the catalogue; `wanted` where its files are in a repository. */
  | { readonly kind: "catalogue"; readonly model: CatalogueModel; readonly wanted?: Wanted }
  | { readonly kind: "registered"; readonly model: RegisteredModel }
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
export async function whichModel(hub: Hub, text: string): Promise<Named> {
  if (/^https?:/i.test(text)) {
    const remedy = "Name it as hf:owner/repository:quantisation, or download it first.";
    throw expected("a model's name or a file", { code, received: text, remedy });
  }
  if (/^hf:/i.test(text)) return { kind: "repository", wanted: inRepository(text) };
  const known = isModelName(text) ? await knownName(hub, text) : undefined;
  if (known) return known;
  if (isModelName(text) && !(await isThere(text))) throw await unknown(hub, text);
  return { kind: "path", path: text };
}

async function knownName(hub: Hub, name: string): Promise<Named | undefined> {
  const registered = await registeredModel(hub, name);
  const model = (await readCatalogue()).find((each) => each.name === name);
  if (model && isDownloaded(model)) {
    const { repository, mmproj } = model;
    return { kind: "catalogue", model, wanted: { repository, model: model.model, mmproj } };
  }
  if (registered) return { kind: "registered", model: registered };
  return model && { kind: "catalogue", model };
}

async function unknown(hub: Hub, name: string): Promise<Error> {
  const names = [
    ...(await readCatalogue()).map((model) => model.name),
    ...(await registeredModels(hub)).map((model) => model.name),
  ];
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
