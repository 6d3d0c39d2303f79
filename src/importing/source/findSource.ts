import { realpath, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { snapshotOf } from "../../hub/cache.js";
import { isRepository } from "../../hub/repository.js";
import { type CheckpointModel, isCheckpoint, readCatalogue } from "../../models/catalogue.js";
import { modelNameOf } from "../../models/modelName.js";
import { expected } from "../../util/expected.js";
import { didYouMean } from "../../util/suggest.js";

/** Where a checkpoint is; of a folder the repository, as far as that is known. */
type Place =
  | { readonly folder: string; readonly repository?: string }
  | { readonly folder?: undefined; readonly repository: string };

/** What is to be imported. */
export type CheckpointSource = Place & {
  /** What the catalogue has of it. */
  readonly known?: CheckpointModel;
  /** What the model is called, unless the user says otherwise. */
  readonly name: string;
};

const code = "ERR_MODEL_NOT_FOUND";
const what = "a checkpoint's folder, owner/repository, or a name of the catalogue";

/**
 * What a user meant by the checkpoint that they named. As of models, names of the catalogue go before the working folder,
 * and what has a slash in it is a path first.
 * @throws {TonescoreError} `ERR_MODEL_NOT_FOUND`
 */
export async function findSource(text: string): Promise<CheckpointSource> {
  const models = await readCatalogue();
  const named = models.find(({ name }) => name === text);
  if (named && isCheckpoint(named)) return { repository: named.checkpoint, known: named, name: named.name };
  const published = (repository: string): CheckpointSource & { readonly repository: string } => {
    const known = models.filter(isCheckpoint).find(({ checkpoint }) => checkpoint === repository);
    const name = known?.name ?? modelNameOf(basename(repository));
    return { repository, ...(known && { known }), name };
  };
  const remote = repositoryIn(text);
  if (/^hf:/i.test(text)) {
    if (remote !== undefined) return published(remote);
    throw expected("hf:owner/repository", { code, received: text });
  }
  if (await isThere(text)) return ofFolder(text, published);
  if (remote !== undefined) return published(remote);
  if (named) {
    const remedy = `Run: tonescore models pull ${text}`;
    throw expected(what, { code, but: `"${text}" needs no import`, remedy });
  }
  const names = models.filter(isCheckpoint).map(({ name }) => name);
  throw expected(what, { code, but: `nothing is there${didYouMean(text, names)}: "${text}"` });
}

/** `owner/repository`, with `hf:` or without; undefined for anything else. */
export function repositoryIn(text: string): string | undefined {
  const name = text.replace(/^hf:/i, "");
  return isRepository(name) ? name : undefined;
}

export const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** A folder of the Python tools' cache says by its place which repository it is of. */
async function ofFolder(
  folder: string,
  published: (repository: string) => CheckpointSource & { readonly repository: string },
): Promise<CheckpointSource> {
  const repository = snapshotOf(await realpath(folder));
  return repository === undefined
    ? { folder, name: modelNameOf(basename(resolve(folder))) }
    : { ...published(repository), folder };
}
