import { rename, stat } from "node:fs/promises";
import { throwIfAborted } from "../../util/abort.js";
import { isCopy } from "../tensors/plannedTensor.js";
import { readTensor } from "../tensors/readTensor.js";
import { InputFile } from "./inputFile.js";
import { identityOf, Journal } from "./journal.js";
import { ALIGNMENT, type GgufPlan, type Layout, layOut } from "./layout.js";
import { PartialFile } from "./partialFile.js";

/** What is written is made sure of at the end of each shard, and after so many bytes. */
const SURE_EVERY = 1e9;

export interface WriteOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with how many bytes of the file there are. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/**
 * Writes a GGUF, tensor after tensor. It takes its name when it is whole and on the disk. One that was cut is gone on with
 * at the last shard, and one that is whole already is left.
 * @throws {TonescoreError} `ERR_OUTPUT`, `ERR_MODEL_INVALID`, `ERR_ABORTED`
 */
export async function writeGguf(plan: GgufPlan, path: string, options: WriteOptions = {}): Promise<void> {
  const layout = layOut(plan);
  const partial = `${path}.part`;
  const journal = new Journal(`${partial}.json`, await identify(plan, layout));
  const all = plan.tensors.length;
  if ((await PartialFile.size(path)) === layout.size && (await journal.done()) === all) return;
  const done = await resumable(partial, layout, journal);
  {
    await using file = await (done > 0 ? PartialFile.goOn(partial) : PartialFile.create(partial));
    if (done === 0) await file.write(layout.header, 0);
    await writeTensors(plan, layout, done, file, journal, options);
    await file.resize(layout.size);
    await file.sync();
  }
  await rename(partial, path);
  await journal.keep(all);
}

/** The header names every tensor, its shape and place; what they are read from may be changed by whoever owns it. */
export async function identify({ tensors }: GgufPlan, { header }: Layout): Promise<string> {
  const files = [...new Set(tensors.filter(isCopy).map(({ source }) => source.file))];
  const facts = files.map(async (file) => {
    const { size, mtimeMs } = await stat(file);
    return `${file} ${size} ${mtimeMs}`;
  });
  const computed = tensors.flatMap(({ source }) => ("values" in source ? [source.values] : []));
  return identityOf(header, ...(await Promise.all(facts)), ...computed);
}

/** Tensors of an earlier run that are there. */
async function resumable(partial: string, { offsets, size }: Layout, journal: Journal): Promise<number> {
  const done = await journal.done();
  const end = offsets[done] ?? size;
  return (await PartialFile.size(partial)) > end - ALIGNMENT ? done : 0;
}

async function writeTensors(
  { tensors }: GgufPlan,
  { offsets }: Layout,
  done: number,
  file: PartialFile,
  journal: Journal,
  { signal, onBytes }: WriteOptions,
): Promise<void> {
  await using input = new InputFile();
  let at = offsets[done] ?? 0;
  let sure = at;
  for (const [index, tensor] of tensors.entries()) {
    if (index < done) continue;
    const nextShard = input.path !== undefined && isCopy(tensor) && input.path !== tensor.source.file;
    if (nextShard || at - sure > SURE_EVERY) {
      await file.sync();
      await journal.keep(index);
      sure = at;
    }
    at = offsets[index] ?? at;
    for await (const bytes of readTensor(tensor, input)) {
      throwIfAborted(signal);
      await file.write(bytes, at);
      at += bytes.length;
      onBytes?.(at);
    }
  }
}
