import { mkdir, open, readdir, readFile, rename, rm, rmdir, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { TonescoreError } from "../errors.js";
import { UNDER_WAY } from "../models/imported.js";
import { byteText } from "../util/byteText.js";
import { expected } from "../util/expected.js";
import { codeOf } from "../util/codeOf.js";
import { outputError } from "../util/outputError.js";
import { PartialFile } from "./gguf/partialFile.js";

const LOCK = "import.lock";

/** Where a model is made, beside the place that it takes when it is whole. What is cut stays there to be gone on with. */
export class WorkFolder implements AsyncDisposable {
  private constructor(
    /** That the model will have. */
    readonly target: string,
    readonly path: string,
  ) {}

  /** @throws {TonescoreError} `ERR_OUTPUT` where something is there already, or nothing can be written */
  static async open(target: string): Promise<WorkFolder> {
    await refuseFull(target);
    const folder = new WorkFolder(target, `${target}${UNDER_WAY}`);
    try {
      await mkdir(dirname(target), { recursive: true });
      await mkdir(folder.path).catch(async (error: unknown) => {
        if (codeOf(error) !== "EEXIST") throw error;
        await folder.#refuseForeign();
      });
    } catch (error) {
      throw error instanceof TonescoreError ? error : outputError(folder.path, error);
    }
    await folder.#lock();
    return folder;
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** @throws {TonescoreError} `ERR_OUTPUT` where the disk has less room than is needed. */
  async checkRoom(bytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.path);
    const used = await this.#used();
    if (bavail * bsize >= bytes - used) return;
    const what = `${byteText(bytes - used)} on the disk of "${this.target}"`;
    const remedy = "Make room, or name a folder on another disk with --out.";
    throw expected(what, { code: "ERR_OUTPUT", but: `${byteText(bavail * bsize)} are free`, remedy });
  }

  /** Gives the model its place, with these files alone. @throws {TonescoreError} `ERR_OUTPUT` */
  async finish(files: readonly string[]): Promise<void> {
    try {
      const others = (await readdir(this.path)).filter((name) => !files.includes(name));
      for (const name of others) await rm(this.file(name));
      await rmdir(this.target).catch(() => undefined); // an empty one
      await rename(this.path, this.target);
    } catch (error) {
      throw outputError(this.target, error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.file(LOCK), { force: true });
  }

  async #used(): Promise<number> {
    const names = await readdir(this.path);
    const sizes = await Promise.all(names.map((name) => PartialFile.size(this.file(name))));
    return sizes.reduce((a, b) => a + b, 0);
  }

  /** The folder's name is ours; what we did not put there is not. */
  async #refuseForeign(): Promise<void> {
    const foreign = (await readdir(this.path)).find(
      (name) => !/^(import\.lock|.*\.gguf(\.part)?(\.json(\.next)?)?|tonescore\.json(\.next)?)$/.test(name),
    );
    if (foreign !== undefined) throw occupied(this.path);
  }

  /** One import at a time: the number of its process says whether it is still there. */
  async #lock(): Promise<void> {
    const path = this.file(LOCK);
    const owner = Number(await readFile(path, "utf8").catch(() => "0"));
    if (owner !== 0 && isRunning(owner)) {
      const but = `another import writes there (process ${owner})`;
      throw expected(`a place of its own for the import at "${this.path}"`, { code: "ERR_OUTPUT", but });
    }
    await rm(path, { force: true });
    try {
      await using file = await open(path, "wx");
      await file.writeFile(String(process.pid));
    } catch (error) {
      throw outputError(path, error);
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

const occupied = (path: string): TonescoreError =>
  expected("a new folder for the model", {
    code: "ERR_OUTPUT",
    but: `"${path}" is there already, and stays as it is`,
    remedy: "Name another with --out, or remove that one first.",
  });

/** @throws {TonescoreError} `ERR_OUTPUT` where something is there already */
export async function refuseFull(path: string): Promise<void> {
  const names = await readdir(path).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return [];
    if (codeOf(error) === "ENOTDIR") throw occupied(path);
    throw outputError(path, error);
  });
  if (names.length > 0) throw occupied(path);
}
