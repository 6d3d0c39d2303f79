import { rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type CachedFile, RepositoryCache } from "../hub/cache.js";
import { hubOf, type Hub } from "../hub/environment.js";
import { isOurs, removeOurs } from "../hub/removal.js";
import { expected } from "../util/expected.js";
import { isBundled, isCheckpoint } from "./catalogue.js";
import { installed } from "./installed.js";
import type { Wanted } from "./choose.js";
import { importedFiles, type ImportedModel, MANIFEST } from "./imported.js";
import { type Named, repositoryFile, whichModel } from "./named.js";

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
  const named = await whichModel(name);
  const what = "a model that was downloaded or imported";
  if (named.kind === "imported") return ofImported(named.model);
  if (named.kind === "catalogue" && isBundled(named.model)) {
    throw expected(what, { code, but: `"${name}" came with tonescore` });
  }
  const wanted = wantedBy(named);
  const files = wanted && ((await ofModel(hub, wanted)) ?? (await ofCheckpoint(hub, wanted)));
  if (wanted && files) return ofFiles(hub, wanted.repository, files);
  const but = named.kind === "path" ? `"${name}" is a file or folder of yours` : `"${name}" is not here`;
  throw expected(what, { code, but });
}

function wantedBy(named: Named): Wanted | undefined {
  if (named.kind === "path") return repositoryFile(named.path);
  if (named.kind === "catalogue" && isCheckpoint(named.model)) return { repository: named.model.checkpoint };
  return "wanted" in named ? named.wanted : undefined;
}

function ofImported(imported: ImportedModel): Removal {
  const { model, mmproj } = importedFiles(imported);
  const folder = dirname(model);
  const files = [model, mmproj, join(folder, MANIFEST)];
  return {
    bytes: imported.model.bytes + imported.mmproj.bytes,
    files,
    foreign: [],
    run: async () => {
      for (const file of files) await rm(file, { force: true });
      await rmdir(folder).catch(() => undefined); // something else may lie there
    },
  };
}

async function ofModel(hub: Hub, wanted: Wanted): Promise<CachedFile[] | undefined> {
  const pair = await installed(hub, wanted);
  return pair && [pair.model, pair.mmproj];
}

/** Of a repository named as a whole, what an import has downloaded and kept. */
async function ofCheckpoint(
  hub: Hub,
  { repository, model, quantisation }: Wanted,
): Promise<CachedFile[] | undefined> {
  if (model !== undefined || quantisation !== undefined) return undefined;
  const cache = new RepositoryCache(hub, repository);
  const all = (await Promise.all((await cache.commits()).map((commit) => cache.files(commit)))).flat();
  if (!all.some(({ name }) => name === "config.json")) return undefined;
  return all.filter(({ name }) => !/\.gguf$/i.test(name));
}

async function ofFiles(hub: Hub, repository: string, files: readonly CachedFile[]): Promise<Removal> {
  const all = await Promise.all(
    files.map(async (file) => ({ ...file, isOurs: await isOurs(hub, repository, file.hash) })),
  );
  const own = all.filter(({ isOurs }) => isOurs);
  const hashes = own.map(({ hash }) => hash);
  return {
    bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
    files: own.map(({ path }) => path),
    foreign: all.filter(({ isOurs }) => !isOurs).map(({ path }) => path),
    run: () => removeOurs(hub, repository, hashes),
  };
}
