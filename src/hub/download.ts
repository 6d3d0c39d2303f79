import { mkdir, rename, stat, statfs, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { throwIfAborted } from "../util/abort.js";
import { byteText } from "../util/byteText.js";
import { codeOf } from "../util/codeOf.js";
import { RepositoryCache } from "./cache.js";
import type { HubClient } from "./client.js";
import { diskFailure, downloadError } from "./failure.js";
import { withLock } from "./lock.js";
import type { Listing, RepositoryFile } from "./repository.js";
import { transfer } from "./transfer.js";

export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes that are there, of all files together. */
  readonly onBytes?: (bytes: number) => void;
  /** Called where another process fetches the same file, which is waited for. */
  readonly onWait?: (file: string) => void;
}

/** Files of a listing that are not in the cache. */
export async function missingFiles(
  client: HubClient,
  listing: Listing,
  files: readonly RepositoryFile[],
): Promise<RepositoryFile[]> {
  const cache = new RepositoryCache(client.hub, listing.repository);
  const there = await Promise.all(files.map((file) => cache.has(file)));
  return files.filter((_, index) => there[index] === false);
}

/**
 * Brings files of a repository into the cache, each whole or not at all, and gives their paths.
 * @throws {TonescoreError} `ERR_DOWNLOAD`, `ERR_ABORTED`
 */
export async function download(
  client: HubClient,
  listing: Listing,
  files: readonly RepositoryFile[],
  options: DownloadOptions = {},
): Promise<string[]> {
  const cache = new RepositoryCache(client.hub, listing.repository);
  await checkRoom(cache, await missingFiles(client, listing, files));
  const paths: string[] = [];
  let before = 0;
  for (const file of files) {
    const earlier = before;
    await downloadOne(client, cache, listing, file, {
      ...options,
      onBytes: (bytes) => options.onBytes?.(earlier + bytes),
    });
    before += file.bytes;
    options.onBytes?.(before);
    paths.push(await cache.name(listing.commit, file));
  }
  return paths;
}

/** What an attempt leaves. Not the name of the Python tools', which might write to it at the same time. */
export const incomplete = (blob: string): string => `${blob}.tonescore.incomplete`;

/** Says that a content came by us, which `remove` may then delete. */
export const receipt = ({ hub }: Pick<HubClient, "hub">, repository: string, hash: string): string =>
  join(hub.assets, "downloaded", ...repository.split("/"), hash);

async function downloadOne(
  client: HubClient,
  cache: RepositoryCache,
  { repository, commit }: Listing,
  file: RepositoryFile,
  { signal, onBytes, onWait }: DownloadOptions,
): Promise<void> {
  if (await cache.has(file)) return;
  const blob = cache.blob(file.hash);
  const fetched = async (): Promise<void> => {
    if (await cache.has(file)) return; // by the one that was waited for
    await mkdir(dirname(blob), { recursive: true });
    await transfer({ client, repository, commit, file }, incomplete(blob), { signal, onBytes });
    const ours = receipt(client, repository, file.hash);
    await mkdir(dirname(ours), { recursive: true });
    await writeFile(ours, file.name);
    await rename(incomplete(blob), blob).catch(async (error: unknown) => {
      if (codeOf(error) !== "ENOENT" || !(await cache.has(file))) throw error; // another put it there
    });
  };
  try {
    await withLock(cache.lock(file.hash), fetched, { signal, onWait: () => onWait?.(file.name) });
  } catch (error) {
    throwIfAborted(signal);
    throw codeOf(error) === undefined ? error : diskFailure(blob, error);
  }
}

/** A disk that will not hold what comes is told before it does. */
async function checkRoom(cache: RepositoryCache, files: readonly RepositoryFile[]): Promise<void> {
  let needed = 0;
  for (const file of files) {
    const there = await stat(incomplete(cache.blob(file.hash))).then(
      ({ size }) => size,
      () => 0,
    );
    needed += Math.max(0, file.bytes - there);
  }
  if (needed === 0) return;
  try {
    await mkdir(cache.folder, { recursive: true });
  } catch (cause) {
    throw diskFailure(cache.folder, cause);
  }
  const { bavail, bsize } = await statfs(cache.folder);
  if (bavail * bsize >= needed) return;
  throw downloadError(
    `Cannot download to "${cache.folder}": ${byteText(needed)} are needed and ${byteText(bavail * bsize)} are free. Free some, or name another folder with HF_HOME.`,
  );
}
