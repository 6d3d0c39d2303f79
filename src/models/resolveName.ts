import { stat } from "node:fs/promises";
import { ModelNotHere } from "../errors.js";
import { hubOf, type Hub } from "../hub/environment.js";
import { byteText } from "../util/byteText.js";
import { expected } from "../util/expected.js";
import { isBundled, isDownloaded, type CatalogueModel } from "./catalogue.js";
import type { Wanted } from "./choose.js";
import { installed } from "./installed.js";
import { repositoryFile, whichModel } from "./named.js";
import { importedFiles } from "./imported.js";
import type { ModelFiles, ResolvedModel } from "./resolve.js";

const code = "ERR_MODEL_NOT_FOUND";

/** What a name leads to: both files, or, where it is a path, that. */
export type Resolution = ResolvedModel | { readonly path: string } | "bundled";

/**
 * The files of a model that was named, none of which is downloaded for it.
 * @throws {ModelNotHere} where it has to be downloaded first
 * @throws {TonescoreError} `ERR_MODEL_NOT_FOUND`
 */
export async function resolveName(text: string, hub = hubOf()): Promise<Resolution> {
  const named = await whichModel(text);
  switch (named.kind) {
    case "path":
      return resolvePath(hub, named.path);
    case "imported": {
      const { template } = named.model;
      return { ...importedFiles(named.model), ...(template !== undefined && { template }) };
    }
    case "repository":
      return (await cached(hub, named.wanted)) ?? notHere(text);
    case "catalogue":
      if (isBundled(named.model)) return "bundled";
      if (named.wanted) return (await cached(hub, named.wanted)) ?? notHere(text, named.model);
      throw toImport(named.model);
  }
}

async function cached(hub: Hub, wanted: Wanted): Promise<ModelFiles | undefined> {
  const pair = await installed(hub, wanted);
  return pair && { model: pair.model.path, mmproj: pair.mmproj.path };
}

/** A path to a file is one; only where nothing is there it may be one of a repository that was downloaded. */
async function resolvePath(hub: Hub, path: string): Promise<Resolution> {
  const wanted = repositoryFile(path);
  if (wanted === undefined) return { path };
  const [found, isLocal] = [
    await cached(hub, wanted),
    await stat(path).then(
      () => true,
      () => false,
    ),
  ];
  if (found === undefined && isLocal) return { path };
  if (found === undefined) {
    const remedy = `If a file of the repository ${wanted.repository} is meant: tonescore models pull hf:${path}`;
    throw expected(`a model at "${path}"`, { code, but: "nothing is there", remedy });
  }
  if (!isLocal) return found;
  const remedy = `Say ./${path} or hf:${path}.`;
  throw expected("one model", {
    code,
    but: `"${path}" is a file here and one of a repository in the cache`,
    remedy,
  });
}

function notHere(text: string, model?: CatalogueModel): never {
  const bytes = model && sizeOf(model);
  const size = bytes === undefined ? "" : ` (${byteText(bytes)})`;
  throw new ModelNotHere(
    `The model "${text}"${size} is not on this machine. Run: tonescore models pull ${text}`,
    text,
  );
}

/** Bytes of both files, where the catalogue has them. */
export function sizeOf(model: CatalogueModel): number | undefined {
  if (!isDownloaded(model) && !isBundled(model)) return undefined;
  const { bytes = NaN } = model.model;
  const sum = bytes + (model.mmproj.bytes ?? NaN);
  return Number.isNaN(sum) ? undefined : sum;
}

/** What the catalogue knows and cannot be downloaded ready. */
export const toImport = (model: CatalogueModel): Error => {
  const remedy = `Run: tonescore models import ${model.name}`;
  const but = "it is published as a checkpoint alone, and was not imported";
  return expected(`the model "${model.name}"`, { code, but, remedy });
};
