import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { expected } from "../../util/expected.js";
import { isRecord } from "../../util/isRecord.js";
import { parseJson } from "../../util/json.js";
import { FileProblem, fileProblem } from "../../util/namedFile.js";
import { byteText } from "../../util/byteText.js";
import { shown } from "../../util/shown.js";
import { invalid } from "./invalid.js";

type Json = Readonly<Record<string, unknown>>;

/** Room for the largest tokenizer.json that is known, a few times over. */
const MOST_JSON = 64e6;

/** Where files of a folder may lie: in it, and, in Python's cache, among the blobs that its links name. */
async function rootsOf(folder: string): Promise<readonly string[]> {
  const snapshots = dirname(folder);
  const inCache = basename(snapshots) === "snapshots" && basename(dirname(snapshots)).startsWith("models--");
  const blobs = join(dirname(snapshots), "blobs");
  return inCache ? [folder, await realpath(blobs).catch(() => blobs)] : [folder];
}

/** A checkpoint as it was downloaded. What its files say is a stranger's. */
export class CheckpointFolder {
  private constructor(
    /** As it was named. */
    readonly path: string,
    private readonly real: string,
    private readonly roots: readonly string[],
  ) {}

  /** @throws {TonescoreError} `ERR_MODEL_NOT_FOUND` */
  static async open(path: string): Promise<CheckpointFolder> {
    const refuse = (but: string, cause?: unknown): never => {
      throw expected(`the folder of a checkpoint at "${path}"`, { code: "ERR_MODEL_NOT_FOUND", but, cause });
    };
    const real = await realpath(path).catch((cause: unknown) => refuse(fileProblem(cause).message, cause));
    if (!(await stat(real)).isDirectory()) return refuse("it is a file");
    return new CheckpointFolder(path, real, await rootsOf(real));
  }

  /** Of its files, in alphabetical order. */
  async names(): Promise<string[]> {
    return (await readdir(this.real)).sort();
  }

  /**
   * Where a file of the folder really lies, and its size; undefined where there is none.
   * @throws {TonescoreError} `ERR_MODEL_INVALID` for one that lies elsewhere, or is none.
   */
  async find(name: string): Promise<{ readonly path: string; readonly size: number } | undefined> {
    const what = `a file of the folder "${this.path}"`;
    if (name === "" || name === "." || name === ".." || /[/\\\0]/.test(name)) {
      throw invalid(what, `received ${shown(name)}, which names a place outside it`);
    }
    let path: string;
    try {
      path = await realpath(join(this.real, name));
    } catch (error) {
      const problem = fileProblem(error);
      if (problem.notFound) return undefined;
      throw invalid(what, `${shown(name)} cannot be opened: ${problem.message}`, undefined, error);
    }
    if (!this.roots.some((root) => path.startsWith(root + sep))) {
      throw invalid(what, `${shown(name)} is a link to another place, ${path}`, "Put the file itself there.");
    }
    const stats = await stat(path);
    if (!stats.isFile()) throw invalid(what, `${shown(name)} is a folder, a pipe or a device`);
    return { path, size: stats.size };
  }

  /**
   * A file of JSON that is an object; undefined where there is none.
   * @throws {TonescoreError} `ERR_MODEL_INVALID`
   */
  async json(name: string): Promise<Json | undefined> {
    const bytes = await this.bytes(name, MOST_JSON);
    if (bytes === undefined) return undefined;
    try {
      const value = parseJson(bytes);
      if (isRecord(value)) return value;
      throw new FileProblem("it is no object");
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error;
      throw invalid(`an object in JSON in "${join(this.path, name)}"`, error.message, undefined, error);
    }
  }

  /** A file whole; undefined where there is none. @param most bytes that it may have. */
  async bytes(name: string, most: number): Promise<Buffer | undefined> {
    const found = await this.find(name);
    if (found === undefined) return undefined;
    if (found.size > most) {
      const what = `at most ${byteText(most)} in "${join(this.path, name)}"`;
      throw invalid(what, `it has ${byteText(found.size)}`);
    }
    return readFile(found.path);
  }
}
