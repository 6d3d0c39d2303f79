import { join } from "node:path";
import { isRecord } from "../../util/isRecord.js";
import { shown } from "../../util/shown.js";
import type { CheckpointFolder } from "./folder.js";
import { damaged, invalid } from "./invalid.js";
import { readSafetensors } from "./safetensors.js";
import type { StoredTensor } from "./storedTensor.js";
import { readTorchFile } from "./torchFile.js";

/** How weights are kept, the better way first. */
const kinds = [
  { files: /^model.*\.safetensors$/, index: "model.safetensors.index.json", read: readSafetensors },
  { files: /^pytorch_model.*\.bin$/, index: "pytorch_model.bin.index.json", read: readTorchFile },
] as const;

const MOST_SHARDS = 1000;

/**
 * All tensors of a checkpoint by name, shard after shard; none is read.
 * @throws {TonescoreError} `ERR_MODEL_INVALID` where a shard is missing or not whole, or its index says otherwise.
 */
export async function indexTensors(folder: CheckpointFolder): Promise<Map<string, StoredTensor>> {
  const { shards, read, index, listed } = await findShards(folder, await folder.names());
  const tensors = await readShards(folder, shards, read);
  if (listed) checkIndex(folder, index, listed, tensors);
  return tensors;
}

/** Which files hold the weights. */
interface Shards {
  readonly shards: readonly string[];
  readonly read: typeof readSafetensors;
  readonly index: string;
  /** Which of them holds each tensor, where there is an index. */
  readonly listed: ReadonlyMap<string, string> | undefined;
}

/**
 * @param names of the files that there are, here or where the folder is downloaded from; an index has to be here.
 * @throws {TonescoreError} `ERR_MODEL_INVALID` where there are none.
 */
export async function findShards(folder: CheckpointFolder, names: readonly string[]): Promise<Shards> {
  for (const { files, index, read } of kinds) {
    const listed = await readIndex(folder, index);
    const shards = listed ? [...new Set(listed.values())].sort() : names.filter((name) => files.test(name));
    if (shards.length > 0) return { shards, read, index, listed };
  }
  const what = `weights in the folder "${folder.path}"`;
  throw invalid(what, "there is neither a model*.safetensors nor a pytorch_model*.bin");
}

/** Which shard holds each tensor; undefined where there is no index. */
async function readIndex(folder: CheckpointFolder, name: string): Promise<Map<string, string> | undefined> {
  const index = await folder.json(name);
  if (index === undefined) return undefined;
  const { weight_map: map } = index;
  const entries = isRecord(map) ? Object.entries(map) : [];
  const what = `a list of tensors and their files in "${join(folder.path, name)}"`;
  if (entries.length === 0) throw invalid(what, "there is none");
  if (new Set(Object.values(map as object)).size > MOST_SHARDS)
    throw invalid(what, "it names too many files");
  return new Map(
    entries.map(([tensor, file]) => {
      if (typeof file !== "string") throw invalid(what, `the tensor ${shown(tensor)} has none`);
      return [tensor, file];
    }),
  );
}

async function readShards(
  folder: CheckpointFolder,
  shards: readonly string[],
  read: typeof readSafetensors,
): Promise<Map<string, StoredTensor>> {
  const all = new Map<string, StoredTensor>();
  for (const shard of shards) {
    const shownPath = join(folder.path, shard);
    const found = await folder.find(shard);
    if (found === undefined) {
      const remedy = "Download the checkpoint again, with all its parts.";
      throw invalid(`the part "${shownPath}" of the checkpoint`, "it is missing", remedy);
    }
    for (const [name, tensor] of await read(found.path, shownPath)) {
      if (all.has(name))
        throw invalid("each tensor once", `${shown(name)} is in "${shownPath}" and in another part`);
      all.set(name, tensor);
    }
  }
  return all;
}

function checkIndex(
  folder: CheckpointFolder,
  index: string,
  listed: ReadonlyMap<string, string>,
  tensors: ReadonlyMap<string, StoredTensor>,
): void {
  const what = `in "${folder.path}" the tensors that ${index} lists`;
  const missing = [...listed.keys()].find((name) => !tensors.has(name));
  if (missing !== undefined) {
    throw invalid(what, `${shown(missing)} is not in ${listed.get(missing) ?? ""}`, damaged);
  }
  const extra = [...tensors.keys()].find((name) => !listed.has(name));
  if (extra !== undefined) throw invalid(what, `there is ${shown(extra)} besides`, damaged);
}
