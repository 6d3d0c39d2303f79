import { rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hubOf, type Hub } from "../hub/environment.js";
import { isOurs, removeOurs } from "../hub/removal.js";
import { expected } from "../util/expected.js";
import { isBundled } from "./catalogue.js";
import { installed } from "./installed.js";
import type { Wanted } from "./choose.js";
import { importedFiles, type ImportedModel, MANIFEST } from "./imported.js";
import { repositoryFile, whichModel } from "./named.js";

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
  const wanted =
    named.kind === "path" ? repositoryFile(named.path) : "wanted" in named ? named.wanted : undefined;
  const removal = wanted && (await ofRepository(hub, wanted));
  if (removal) return removal;
  const but = named.kind === "path" ? `"${name}" is a file or folder of yours` : `"${name}" is not here`;
  throw expected(what, { code, but });
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

async function ofRepository(hub: Hub, wanted: Wanted): Promise<Removal | undefined> {
  const pair = await installed(hub, wanted);
  if (!pair) return undefined;
  const { repository } = wanted;
  const all = await Promise.all(
    [pair.model, pair.mmproj].map(async (file) => ({
      ...file,
      isOurs: await isOurs(hub, repository, file.hash),
    })),
  );
  const own = all.filter(({ isOurs }) => isOurs);
  return {
    bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
    files: own.map(({ path }) => path),
    foreign: all.filter(({ isOurs }) => !isOurs).map(({ path }) => path),
    run: () =>
      removeOurs(
        hub,
        repository,
        own.map(({ hash }) => hash),
      ),
  };
}
