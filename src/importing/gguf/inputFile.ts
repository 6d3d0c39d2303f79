import { type FileHandle, open } from "node:fs/promises";
import { fileProblem } from "../../util/namedFile.js";
import { damaged, invalid } from "../checkpoint/invalid.js";

/** The one part of a checkpoint that is read at a time. */
export class InputFile implements AsyncDisposable {
  path: string | undefined;
  #file: FileHandle | undefined;

  /** @throws {TonescoreError} `ERR_MODEL_INVALID` */
  async open(path: string): Promise<FileHandle> {
    if (this.path === path && this.#file) return this.#file;
    await this.#file?.close();
    this.#file = undefined;
    this.#file = await open(path).catch((cause: unknown) => {
      throw invalid(`a part of the checkpoint at "${path}"`, fileProblem(cause).message, damaged, cause);
    });
    this.path = path;
    return this.#file;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close();
  }
}
