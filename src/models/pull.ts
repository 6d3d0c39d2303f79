import { HubClient } from "../hub/client.js";
import { download, type DownloadOptions, missingFiles } from "../hub/download.js";
import { hubOf, type Hub } from "../hub/environment.js";
import { downloadError } from "../hub/failure.js";
import { type Listing, listRepository, type RepositoryFile } from "../hub/repository.js";
import type { Timing } from "../hub/timing.js";
import { expected } from "../util/expected.js";
import { type CatalogueModel, isBundled, type RepositoryFileName } from "./catalogue.js";
import { chooseFiles, type Pair, type Wanted } from "./choose.js";
import { repositoryFile, whichModel } from "./named.js";
import type { ModelFiles } from "./resolve.js";
import { toImport } from "./resolveName.js";

/** What can be downloaded, and what that would take. */
export interface Pull<T = ModelFiles> {
  /** As it was asked for. */
  readonly name: string;
  readonly repository: string;
  readonly host: string;
  readonly licence: string | undefined;
  /** Of all its files. */
  readonly bytes: number;
  /** Of those that are not here. */
  readonly missing: number;
  /** @throws {TonescoreError} `ERR_DOWNLOAD`, `ERR_ABORTED` */
  run(options?: DownloadOptions): Promise<T>;
}

/**
 * Asks the server what a model's files are, downloads nothing, and hands the plan to `use`.
 * @throws {TonescoreError} `ERR_DOWNLOAD`, `ERR_MODEL_NOT_FOUND`, `ERR_ABORTED`
 */
export async function withPull<T>(
  name: string,
  use: (pull: Pull) => Promise<T>,
  { signal, hub = hubOf(), timing }: { signal?: AbortSignal; hub?: Hub; timing?: Timing } = {},
): Promise<T> {
  const { wanted, model } = await wantedBy(name);
  await using client = await HubClient.open(hub, timing);
  const listing = await listRepository(client, wanted.repository, signal);
  const pair = chooseFiles(listing.files, wanted);
  check(pair.model, wanted.model, listing);
  check(pair.mmproj, wanted.mmproj, listing);
  const files = [pair.model, pair.mmproj];
  return await use({
    name,
    repository: wanted.repository,
    host: client.host,
    licence: model?.licence,
    bytes: sum(files),
    missing: sum(await missingFiles(client, listing, files)),
    run: async (options = {}) => {
      const [modelPath = "", mmproj = ""] = await download(client, listing, files, options);
      return { model: modelPath, mmproj };
    },
  });
}

export const sum = (files: readonly RepositoryFile[]): number =>
  files.reduce((total, { bytes }) => total + bytes, 0);

async function wantedBy(name: string): Promise<{ wanted: Wanted; model?: CatalogueModel }> {
  const named = await whichModel(name);
  const code = "ERR_MODEL_NOT_FOUND";
  const what = "a model that can be downloaded";
  switch (named.kind) {
    case "repository":
      return { wanted: named.wanted };
    case "catalogue":
      if (named.wanted) return { wanted: named.wanted, model: named.model };
      if (!isBundled(named.model)) throw toImport(named.model);
      throw expected(what, {
        code,
        but: `"${name}" came with tonescore`,
        remedy: "It is what --model is without.",
      });
    case "imported":
      throw expected(what, { code, but: `"${name}" was imported, and is here` });
    case "path": {
      const wanted = repositoryFile(named.path);
      if (wanted) return { wanted };
      const remedy =
        "Name it as the catalogue does (tonescore models), or as hf:owner/repository:quantisation.";
      throw expected(what, { code, but: `"${name}" is the path of a file or folder`, remedy });
    }
  }
}

/** What the catalogue knows of a file holds: another of its name is another model. */
function check(
  found: Pair<RepositoryFile>["model"],
  known: RepositoryFileName | undefined,
  { repository }: Listing,
): void {
  if (known === undefined) return;
  const same = (known.bytes ?? found.bytes) === found.bytes && (known.sha256 ?? found.hash) === found.hash;
  if (same && found.hash.length === 64) return;
  const what = same
    ? "is listed without a SHA-256"
    : "is another file now than the one that the catalogue knows";
  throw downloadError(
    `Cannot download ${found.name} of ${repository}: it ${what}. To take it as it is: tonescore models pull hf:${repository}/${found.name}`,
  );
}
