import { readlink, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { RepositoryCache } from "./cache.js";
import { incomplete, receipt } from "./download.js";
import type { Hub } from "./environment.js";

/** Whether a content was downloaded by tonescore, and not by another tool that shares the cache. */
export async function isOurs(hub: Hub, repository: string, hash: string | undefined): Promise<boolean> {
  if (hash === undefined) return false;
  return stat(receipt({ hub }, repository, hash)).then(
    () => true,
    () => false,
  );
}

/** Deletes those contents of a repository that tonescore has downloaded, and the folders that are empty then. */
export async function removeOurs(
  hub: Hub,
  repository: string,
  hashes: readonly (string | undefined)[],
): Promise<void> {
  const cache = new RepositoryCache(hub, repository);
  for (const hash of hashes) {
    if (hash !== undefined && (await isOurs(hub, repository, hash))) await removeBlob(hub, cache, hash);
  }
  await removeEmpty(cache);
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
