import { dirname } from "node:path";
import { RepositoryCache } from "../../hub/cache.js";
import { HubClient } from "../../hub/client.js";
import { download, missingFiles } from "../../hub/download.js";
import { hubOf, type Hub } from "../../hub/environment.js";
import { removeOurs } from "../../hub/removal.js";
import { type Listing, listRepository, type RepositoryFile } from "../../hub/repository.js";
import type { Timing } from "../../hub/timing.js";
import { type Pull, sum } from "../../models/pull.js";
import { expected } from "../../util/expected.js";
import { shown } from "../../util/shown.js";
import { findShards } from "../checkpoint/checkpoint.js";
import { CheckpointFolder } from "../checkpoint/folder.js";

export interface FetchOptions {
  readonly repository: string;
  /** As it was asked for. */
  readonly name: string;
  /** Looks at what is said of the checkpoint, before any weights come: where it throws, none do. */
  readonly check?: (folder: CheckpointFolder) => Promise<unknown>;
  /** Runs what it is given, and shows how far it is. */
  readonly show: (pull: Pull<unknown>) => Promise<unknown>;
  readonly signal?: AbortSignal | undefined;
  readonly hub?: Hub;
  readonly timing?: Timing;
}

/** A checkpoint in the cache. */
export interface FetchedCheckpoint {
  readonly folder: string;
  /** Deletes what of it tonescore has downloaded. */
  discard(): Promise<void>;
}

/** Says of which family it is, and in which files its weights are. */
const isFirst = ({ name }: RepositoryFile): boolean =>
  name === "config.json" || /^[\w.]+\.index\.json$/.test(name);
/** What else is read of a checkpoint, but for the weights: a closed list, whatever else there is. */
const others: ReadonlySet<string> = new Set([
  ...["README.md", "generation_config.json", "added_tokens.json", "special_tokens_map.json"],
  ...["tokenizer.json", "tokenizer.model", "tokenizer_config.json", "vocab.json", "merges.txt"],
  ...["chat_template.jinja", "chat_template.json", "preprocessor_config.json", "processor_config.json"],
]);

/**
 * Brings a checkpoint into the cache that the Python tools share; one that is there is not fetched again, and is taken as
 * it is where no server is to be asked.
 * @throws {TonescoreError} `ERR_DOWNLOAD`, `ERR_MODEL_NOT_FOUND`, `ERR_MODEL_INVALID`, `ERR_ABORTED`, and what `check`
 * throws
 */
export async function fetchCheckpoint(options: FetchOptions): Promise<FetchedCheckpoint> {
  const { repository, name, check, show, signal, hub = hubOf(), timing } = options;
  const cached = hub.offline ? await cachedCheckpoint(hub, repository) : undefined;
  if (cached !== undefined) return cached;
  await using client = await HubClient.open(hub, timing);
  const listing = await listRepository(client, repository, signal);
  const first = listing.files.filter(isFirst);
  if (!first.some((file) => file.name === "config.json")) throw noCheckpoint(listing);
  const [path = ""] = await download(client, listing, first, { signal });
  const folder = dirname(path);
  const opened = await CheckpointFolder.open(folder);
  await check?.(opened);
  const rest = [
    ...listing.files.filter((file) => others.has(file.name)),
    ...(await weightsOf(opened, listing)),
  ];
  await show({
    ...{ name, repository, host: client.host, licence: undefined },
    bytes: sum(rest),
    missing: sum(await missingFiles(client, listing, rest)),
    run: (how) => download(client, listing, rest, how),
  });
  const hashes = [...first, ...rest].map(({ hash }) => hash);
  return { folder, discard: () => removeOurs(hub, repository, hashes) };
}

/** What is here of it, where no server is to be asked; it stays, since it could not come again. */
async function cachedCheckpoint(hub: Hub, repository: string): Promise<FetchedCheckpoint | undefined> {
  const cache = new RepositoryCache(hub, repository);
  for (const commit of await cache.commits()) {
    const config = (await cache.files(commit)).find(({ name }) => name === "config.json");
    if (config) return { folder: dirname(config.path), discard: () => Promise.resolve() };
  }
  return undefined;
}

async function weightsOf(
  folder: CheckpointFolder,
  { repository, files }: Listing,
): Promise<RepositoryFile[]> {
  const names = files.map(({ name }) => name);
  const { shards } = await findShards(folder, names);
  return shards.map((shard) => {
    const found = files.find(({ name }) => name === shard);
    if (found) return found;
    const what = `the part ${shown(shard)} of the checkpoint in the repository ${repository}`;
    throw expected(what, { code: "ERR_MODEL_INVALID", but: "it is missing" });
  });
}

function noCheckpoint({ repository, files }: Listing): Error {
  const isReady = files.some(({ name }) => /\.gguf$/i.test(name));
  const remedy = isReady
    ? `It has models that are ready. Run: tonescore models pull hf:${repository}`
    : "Look for the repository of the authors, with config.json and the weights.";
  const but = "it has no config.json";
  return expected(`a checkpoint in the repository ${repository}`, {
    code: "ERR_MODEL_NOT_FOUND",
    but,
    remedy,
  });
}
