import { type FileHandle, open, stat } from "node:fs/promises";
import { outputError } from "../../util/outputError.js";

/** A file under way, that does not have its name yet. */
export class PartialFile implements AsyncDisposable {
  private constructor(
    private readonly file: FileHandle,
    private readonly path: string,
  ) {}

  /** @throws {TonescoreError} `ERR_OUTPUT` */
  static create(path: string): Promise<PartialFile> {
    return PartialFile.#open(path, "w");
  }
  /** One of an earlier run. @throws {TonescoreError} `ERR_OUTPUT` */
  static goOn(path: string): Promise<PartialFile> {
    return PartialFile.#open(path, "r+");
  }
  /** Bytes of it; 0 where it is not there. */
  static async size(path: string): Promise<number> {
    return (await stat(path).catch(() => undefined))?.size ?? 0;
  }

  static async #open(path: string, flags: string): Promise<PartialFile> {
    try {
      return new PartialFile(await open(path, flags), path);
    } catch (error) {
      throw outputError(path, error);
    }
  }

  write(bytes: Buffer, position: number): Promise<void> {
    return this.#told(async () => {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await this.file.write(bytes, done, bytes.length - done, position + done);
        done += bytesWritten;
      }
    });
  }
  /** What was written is on the disk then. */
  sync(): Promise<void> {
    return this.#told(() => this.file.sync());
  }
  /** What was not written is 0. */
  resize(size: number): Promise<void> {
    return this.#told(() => this.file.truncate(size));
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.file.close();
  }

  async #told<T>(job: () => Promise<T>): Promise<T> {
    try {
      return await job();
    } catch (error) {
      throw outputError(this.path, error);
    }
  }
}
