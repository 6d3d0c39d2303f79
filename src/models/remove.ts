import { readlink, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { RepositoryCache } from "../hub/cache.js";
import { incomplete, receipt } from "../hub/download.js";
import { hubOf, type Hub } from "../hub/environment.js";
import { expected } from "../util/expected.js";
import { isBundled } from "./catalogue.js";
import { installed } from "./installed.js";
import type { Wanted } from "./choose.js";
import { repositoryFile, whichModel } from "./named.js";
import { DOCUMENT, registeredFolder, type RegisteredModel } from "./registered.js";

/** What `remove` would delete, and what it leaves. */
export interface Removal {
  readonly bytes: number;
  readonly files: readonly string[];
  /** Files that other tools downloaded, which stay. */
  readonly foreign: readonly string[];
  run(): Promise<void>;
}

const code = "ERR_MODEL_NOT_FOUND";

/**
 * Finds what of a model tonescore has downloaded or imported; nothing else is ever deleted.
 * @throws {TonescoreError} `ERR_MODEL_NOT_FOUND`
 */
export async function planRemoval(name: string, hub = hubOf()): Promise<Removal> {
  const named = await whichModel(hub, name);
  const what = "a model that was downloaded or imported";
  if (named.kind === "registered") return ofRegistered(hub, named.model);
  if (named.kind === "catalogue" && isBundled(named.model)) {
    throw expected(what, { code, but: `"${name}" came with tonescore` });
  }
  const wanted =
    named.kind === "path" ? repositoryFile(named.path) : "wanted" in named ? named.wanted : undefined;
  const removal = wanted && (await ofRepository(hub, wanted));
  if (removal) return removal;
  const but = named.kind === "path" ? `"${name}" is a file or folder of yours` : `"${name}" is not here`;
  throw expected(what, { code, but });
}

function ofRegistered(hub: Hub, { name, model, mmproj }: RegisteredModel): Removal {
  const folder = registeredFolder(hub, name);
  const files = [model.file, mmproj.file, DOCUMENT].map((file) => join(folder, file));
  return {
    bytes: model.bytes + mmproj.bytes,
    files,
    foreign: [],
    run: async () => {
      for (const file of files) await rm(file, { force: true });
      await rmdir(folder).catch(() => undefined); // something else may lie there
    },
  };
}

async function ofRepository(hub: Hub, wanted: Wanted): Promise<Removal | undefined> {
  const pair = await installed(hub, wanted);
  if (!pair) return undefined;
  const { repository } = wanted;
  const cache = new RepositoryCache(hub, repository);
  const ours = async (hash: string | undefined): Promise<boolean> =>
    hash !== undefined &&
    (await stat(receipt({ hub }, repository, hash)).then(
      () => true,
      () => false,
    ));
  const all = await Promise.all(
    [pair.model, pair.mmproj].map(async (file) => ({ ...file, isOurs: await ours(file.hash) })),
  );
  const own = all.filter(({ isOurs }) => isOurs);
  return {
    bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
    files: own.map(({ path }) => path),
    foreign: all.filter(({ isOurs }) => !isOurs).map(({ path }) => path),
    run: async () => {
      for (const { hash = "" } of own) await removeBlob(hub, cache, hash);
      await removeEmpty(cache);
    },
  };
}

/** The names first, so that none is left that leads to nothing. */
async function removeBlob(hub: Hub, cache: RepositoryCache, hash: string): Promise<void> {
  for (const commit of await cache.commits()) {
    for (const { path } of await cache.files(commit)) {
      if (basename(await readlink(path).catch(() => "")) === hash) await rm(path, { force: true });
    }
  }
  const blob = cache.blob(hash);
  await rm(blob, { force: true });
  await rm(incomplete(blob), { force: true });
  await rm(receipt({ hub }, cache.repository, hash), { force: true });
}

/** Folders that hold nothing any more, and the branch's commit where no snapshot is left. */
async function removeEmpty(cache: RepositoryCache): Promise<void> {
  const empty = (folder: string): Promise<boolean> =>
    rmdir(folder).then(
      () => true,
      () => false,
    );
  for (const commit of await cache.commits()) await empty(join(cache.folder, "snapshots", commit));
  if (!(await empty(join(cache.folder, "snapshots")))) return;
  await rm(join(cache.folder, "refs", "main"), { force: true });
  for (const name of ["refs", "blobs"]) await empty(join(cache.folder, name));
  await empty(cache.folder);
  await empty(dirname(cache.lock("")));
}
