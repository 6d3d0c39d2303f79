import { open, rename, rm } from "node:fs/promises";
import { outputError } from "../util/outputError.js";
import { identityOf, Journal } from "./gguf/journal.js";
import { type GgufPlan, layOut } from "./gguf/layout.js";
import { PartialFile } from "./gguf/partialFile.js";
import { identify, writeGguf } from "./gguf/writeGguf.js";
import type { Quantisation } from "./quantise/quantisations.js";
import type { WorkFolder } from "./workFolder.js";

/** One of a model's two files. */
interface ModelFile {
  readonly plan: GgufPlan;
  /** What it holds, for who waits. */
  readonly what: string;
  readonly path: string;
}

interface Options {
  readonly quantisation: Quantisation;
  readonly signal?: AbortSignal | undefined;
  /** Called with what is under way, and how much of it is done, from 0 to 1. */
  readonly onProgress?: ((what: string, fraction: number) => void) | undefined;
}

/** Writes one file as another, and tells how many bytes there are. */
type Shrink = (input: string, output: string, onBytes: (bytes: number) => void) => Promise<void>;

/** The share of a quantised file in the one that it is made of. */
const SMALLER = 0.55;

/** Writes the files of a model; those of an earlier run that are whole are left. */
export class ModelWriter {
  constructor(
    private readonly work: WorkFolder,
    private readonly options: Options,
  ) {}

  /** @throws {TonescoreError} `ERR_OUTPUT`, `ERR_MODEL_INVALID`, `ERR_ABORTED` */
  async write({ plan, what, path }: ModelFile): Promise<void> {
    const { signal } = this.options;
    await writeGguf(plan, path, { signal, onBytes: this.#share(`writing ${what}`, layOut(plan).size) });
  }

  /**
   * Writes it in 16 bits, and then smaller.
   * @throws {TonescoreError} as {@link write}, and what `shrink` throws
   */
  async writeSmaller(file: ModelFile, shrink: Shrink): Promise<void> {
    const { quantisation } = this.options;
    const { plan, path } = file;
    const layout = layOut(plan);
    const identity = identityOf(quantisation, await identify(plan, layout));
    const journal = new Journal(`${path}.json`, identity);
    if ((await journal.done()) === 1 && (await PartialFile.size(path)) > 0) return;
    await rm(path, { force: true });
    const full = this.work.file("full.gguf");
    await this.write({ ...file, path: full });
    const partial = `${path}.part`;
    await shrink(full, partial, this.#share(`quantising to ${quantisation}`, SMALLER * layout.size));
    await finish(partial, path);
    await journal.keep(1);
    await rm(full, { force: true });
  }

  #share(what: string, size: number): (bytes: number) => void {
    return (bytes) => this.options.onProgress?.(what, Math.min(1, bytes / size));
  }
}

/** Gives a file its name when it is on the disk. @throws {TonescoreError} `ERR_OUTPUT` */
async function finish(partial: string, path: string): Promise<void> {
  try {
    {
      await using file = await open(partial, "r+");
      await file.sync();
    }
    await rename(partial, path);
  } catch (error) {
    throw outputError(path, error);
  }
}
