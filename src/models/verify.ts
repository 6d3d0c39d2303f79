import { hubOf, type Hub } from "../hub/environment.js";
import { expected } from "../util/expected.js";
import { hashFile } from "../util/hashFile.js";
import { bundledModel, publishedFiles } from "./bundled.js";
import { isBundled } from "./catalogue.js";
import { importedFiles } from "./imported.js";
import { installed } from "./installed.js";
import { repositoryFile, whichModel } from "./named.js";
import { toImport } from "./resolveName.js";

/** A file, and what it must be. */
export interface ToVerify {
  readonly path: string;
  /** By the catalogue, or, where that has none, by the server that it came from; undefined where nobody has said. */
  readonly sha256: string | undefined;
}

/**
 * The files of a model that is here.
 * @throws {TonescoreError} `ERR_MODEL_NOT_FOUND`
 */
export async function filesToVerify(name: string, hub: Hub = hubOf()): Promise<ToVerify[]> {
  const named = await whichModel(name);
  if (named.kind === "imported") {
    const files = importedFiles(named.model);
    return (["model", "mmproj"] as const).map((part) => ({
      path: files[part],
      sha256: named.model[part].sha256,
    }));
  }
  if (named.kind === "catalogue" && isBundled(named.model)) {
    const published = await publishedFiles();
    return [bundledModel.model, bundledModel.mmproj].map((path, index) => ({
      path,
      sha256: published[index]?.sha256,
    }));
  }
  const wanted =
    named.kind === "path" ? repositoryFile(named.path) : "wanted" in named ? named.wanted : undefined;
  if (wanted === undefined && named.kind === "catalogue") throw toImport(named.model);
  const pair = wanted && (await installed(hub, wanted));
  if (!pair) {
    const but = `"${name}" is ${named.kind === "path" ? "the path of a file or folder" : "not here"}`;
    throw expected("a model that is here, by its name", { code: "ERR_MODEL_NOT_FOUND", but });
  }
  return [
    { path: pair.model.path, sha256: wanted.model?.sha256 ?? sha256(pair.model.hash) },
    { path: pair.mmproj.path, sha256: wanted.mmproj?.sha256 ?? sha256(pair.mmproj.hash) },
  ];
}

const sha256 = (hash: string | undefined): string | undefined => (hash?.length === 64 ? hash : undefined);

/** Whether a file has the hash that it must have; undefined where none is known. */
export const isIntact = async ({ path, sha256: known }: ToVerify): Promise<boolean | undefined> =>
  known === undefined ? undefined : (await hashFile(path)) === known;
