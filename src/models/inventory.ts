import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Hub, hubOf } from "../hub/environment.js";
import { isRepository, isSafeName } from "../hub/repository.js";
import { bundledModel } from "./bundled.js";
import { type CatalogueModel, isBundled, isDownloaded, readCatalogue } from "./catalogue.js";
import { importedFiles, type ImportedModel, listImported } from "./imported.js";
import { installed } from "./installed.js";
import { isMmproj } from "./likeness.js";
import type { ModelFiles } from "./resolve.js";
import { sizeOf } from "./resolveName.js";

/** How a model came to this machine; `no` where it did not. */
export type Presence = "bundled" | "downloaded" | "imported" | "no";

/** A model that can be asked for by its name, and whether it is here. */
export interface Listed {
  readonly name: string;
  readonly title: string;
  readonly here: Presence;
  readonly files: ModelFiles | undefined;
  /** Of both files; undefined where nobody has said. */
  readonly bytes: number | undefined;
  readonly licence: string | undefined;
  readonly preset: string | undefined;
  /** What the catalogue has of it. */
  readonly known: CatalogueModel | undefined;
}

/** All models of the catalogue, what was imported, and what was downloaded besides. */
export async function inventory(hub: Hub = hubOf()): Promise<Listed[]> {
  const catalogue = await readCatalogue();
  const imports = await listImported();
  const known = await Promise.all(catalogue.map((model) => listed(hub, model, imports)));
  const others = imports.filter(({ name }) => !catalogue.some((model) => model.name === name)).map(imported);
  return [...known, ...others, ...(await besides(hub, catalogue))];
}

async function listed(hub: Hub, model: CatalogueModel, imports: readonly ImportedModel[]): Promise<Listed> {
  const { name, title, licence, preset } = model;
  const said = { name, title, licence, preset, known: model, bytes: sizeOf(model) };
  if (isBundled(model)) return { ...said, here: "bundled", files: bundledModel };
  if (isDownloaded(model)) {
    const pair = await installed(hub, model);
    if (!pair) return { ...said, here: "no", files: undefined };
    const files = { model: pair.model.path, mmproj: pair.mmproj.path };
    return { ...said, here: "downloaded", files, bytes: pair.model.bytes + pair.mmproj.bytes };
  }
  const own = imports.find((each) => each.name === name);
  if (!own) return { ...said, here: "no", files: undefined };
  const here = imported(own);
  return own.source === model.checkpoint
    ? { ...here, ...said, bytes: here.bytes }
    : { ...here, preset: here.preset ?? preset };
}

function imported(own: ImportedModel): Listed {
  const { name, source, licence, preset, model, mmproj } = own;
  return {
    name,
    title: `imported from ${source}`,
    here: "imported",
    files: importedFiles(own),
    bytes: model.bytes + mmproj.bytes,
    licence,
    preset,
    known: undefined,
  };
}

/** What was downloaded as `hf:…`, by the receipts of the downloads. */
async function besides(hub: Hub, catalogue: readonly CatalogueModel[]): Promise<Listed[]> {
  const folder = join(hub.assets, "downloaded");
  const found: Listed[] = [];
  for (const owner of await namesIn(folder)) {
    for (const name of await namesIn(join(folder, owner))) {
      const repository = `${owner}/${name}`;
      if (isRepository(repository)) found.push(...(await ofRepository(hub, repository, catalogue)));
    }
  }
  return found;
}

async function ofRepository(
  hub: Hub,
  repository: string,
  catalogue: readonly CatalogueModel[],
): Promise<Listed[]> {
  const folder = join(hub.assets, "downloaded", ...repository.split("/"));
  const files = await Promise.all(
    (await namesIn(folder)).map((hash) => readFile(join(folder, hash), "utf8")),
  );
  const isKnown = (file: string): boolean =>
    catalogue.some(
      (model) => isDownloaded(model) && model.repository === repository && model.model.file === file,
    );
  const names = files.filter((file) => isSafeName(file) && !isMmproj(file) && !isKnown(file)).sort();
  const found = await Promise.all(names.map((file) => installed(hub, { repository, model: { file } })));
  return found.flatMap((pair, index) => {
    if (!pair) return [];
    const name = `hf:${repository}/${names[index] ?? ""}`;
    const files = { model: pair.model.path, mmproj: pair.mmproj.path };
    const bytes = pair.model.bytes + pair.mmproj.bytes;
    const unknown = { licence: undefined, preset: undefined, known: undefined };
    return [
      { name, title: "downloaded by its repository", here: "downloaded" as const, files, bytes, ...unknown },
    ];
  });
}

const namesIn = async (folder: string): Promise<string[]> => (await readdir(folder).catch(() => [])).sort();
