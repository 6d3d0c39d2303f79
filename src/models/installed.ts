import { RepositoryCache, type CachedFile } from "../hub/cache.js";
import type { Hub } from "../hub/environment.js";
import { chooseFiles, isNoChoice, type Pair, type Wanted } from "./choose.js";

/** Both files of a model where they are in the cache, of the latest commit that has them; no server is asked. */
export async function installed(hub: Hub, wanted: Wanted): Promise<Pair<CachedFile> | undefined> {
  const cache = new RepositoryCache(hub, wanted.repository);
  for (const commit of await cache.commits()) {
    const pair = choose(await cache.files(commit), wanted);
    if (pair && isKnown(pair.model, wanted.model) && isKnown(pair.mmproj, wanted.mmproj)) return pair;
  }
  return undefined;
}

function choose(files: readonly CachedFile[], wanted: Wanted): Pair<CachedFile> | undefined {
  try {
    return chooseFiles(files, wanted);
  } catch (error) {
    if (isNoChoice(error)) return undefined;
    throw error;
  }
}

/** Where the catalogue has a hash, another file of that name is another model. */
const isKnown = ({ hash }: CachedFile, wanted: Wanted["model"]): boolean =>
  hash === undefined || wanted?.sha256 === undefined || hash === wanted.sha256;
