import { link, mkdir, open, readdir, readFile, readlink, rename, rm, stat, symlink } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { codeOf } from "../util/codeOf.js";
import type { Hub } from "./environment.js";
import { diskFailure } from "./failure.js";
import { isRepository, type RepositoryFile } from "./repository.js";

const isCommit = (name: string): boolean => /^[0-9a-f]{40}$/.test(name);

const orNothing = (error: unknown): undefined => {
  const code = codeOf(error);
  if (code === "ENOENT" || code === "ENOTDIR") return undefined;
  throw error;
};

/** A file that is in the cache. */
export interface CachedFile {
  /** Within the repository. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** By its blob's name. */
  readonly hash: string | undefined;
}

/**
 * A repository in the cache that the Python tools share: contents in blobs/ by their hashes, names in
 * snapshots/<commit>/ as links to them, and the commit of a branch in refs/.
 */
export class RepositoryCache {
  readonly folder: string;
  readonly #locks: string;

  constructor(
    hub: Pick<Hub, "cache">,
    readonly repository: string,
  ) {
    const name = `models--${repository.replace("/", "--")}`;
    this.folder = join(hub.cache, name);
    this.#locks = join(hub.cache, ".locks", name);
  }

  blob(hash: string): string {
    return join(this.folder, "blobs", hash);
  }

  /** Beside that of the Python tools, which hold theirs in another way. */
  lock(hash: string): string {
    return join(this.#locks, `${hash}.tonescore.lock`);
  }

  async has({ hash, bytes }: RepositoryFile): Promise<boolean> {
    const found = await stat(this.blob(hash)).catch(orNothing);
    return found?.isFile() === true && found.size === bytes;
  }

  /** Commits that are there, that of the branch first. */
  async commits(): Promise<string[]> {
    const main = (await readFile(join(this.folder, "refs", "main"), "utf8").catch(orNothing))?.trim();
    const all = (await readdir(join(this.folder, "snapshots")).catch(orNothing)) ?? [];
    return all.filter(isCommit).sort((a, b) => Number(b === main) - Number(a === main));
  }

  /** What a commit has here, as far as all of it is there. */
  async files(commit: string): Promise<CachedFile[]> {
    const folder = join(this.folder, "snapshots", commit);
    const names = (await readdir(folder, { recursive: true }).catch(orNothing)) ?? [];
    const found = await Promise.all(
      names.map(async (name) => {
        const path = join(folder, name);
        const stats = await stat(path).catch(orNothing);
        if (stats?.isFile() !== true) return [];
        return [{ name: name.split(sep).join("/"), path, bytes: stats.size, hash: await hashIn(path) }];
      }),
    );
    return found.flat();
  }

  /** Names a content that is in blobs/, as the branch has it now. */
  async name(commit: string, { name, hash }: RepositoryFile): Promise<string> {
    const pointer = this.#pointer(commit, name);
    try {
      await mkdir(dirname(pointer), { recursive: true });
      await linkTo(this.blob(hash), pointer);
      const ref = join(this.folder, "refs", "main");
      await mkdir(dirname(ref), { recursive: true });
      await replace(ref, commit);
    } catch (cause) {
      throw diskFailure(pointer, cause);
    }
    return pointer;
  }

  #pointer(commit: string, name: string): string {
    return join(this.folder, "snapshots", commit, ...name.split("/"));
  }
}

/** The repository of which a folder is a snapshot in such a cache; undefined for any other folder. */
export function snapshotOf(folder: string): string | undefined {
  const [, repository = ""] = /[/\\]models--([^/\\]+)[/\\]snapshots[/\\][0-9a-f]{40}$/.exec(folder) ?? [];
  const name = repository.replace("--", "/");
  return isRepository(name) ? name : undefined;
}

/** The name of the blob that a link leads to; undefined for a file of its own, as Windows may have it. */
async function hashIn(pointer: string): Promise<string | undefined> {
  const target = await readlink(pointer).catch(() => undefined);
  return target === undefined ? undefined : basename(target);
}

/** A link by the relative path, so that the cache can be moved; a second name where links are not allowed (Windows). */
async function linkTo(blob: string, pointer: string): Promise<void> {
  if ((await hashIn(pointer)) === basename(blob)) return; // in a cache that may be read-only
  const fresh = `${pointer}.${process.pid}.new`;
  await rm(fresh, { force: true });
  try {
    await symlink(relative(dirname(pointer), blob), fresh);
  } catch (error) {
    if (codeOf(error) !== "EPERM") throw error;
    await link(blob, fresh);
  }
  await rename(fresh, pointer);
}

async function replace(path: string, text: string): Promise<void> {
  if ((await readFile(path, "utf8").catch(orNothing)) === text) return;
  const fresh = `${path}.${process.pid}.new`;
  const handle = await open(fresh, "w");
  try {
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
  await rename(fresh, path);
}
