import { dirname } from "node:path";
import { throwIfAborted } from "../../util/abort.js";
import { completeFileOutput, type CompleteOutput } from "./output.js";

/**
 * A report's file. It is opened before the run that it is about, since a path that cannot be written to is better known
 * then, and takes its name when it is complete; a report that comes to nothing leaves nothing, even where the process ends at once.
 */
export class ReportFile implements AsyncDisposable {
  #done = false;

  private constructor(
    private readonly output: CompleteOutput,
    readonly path: string,
  ) {
    process.on("exit", output.discardNow);
  }

  static async open(path: string): Promise<ReportFile> {
    return new ReportFile(await completeFileOutput(path, "page"), path);
  }

  /** What the page's links are relative to. */
  get folder(): string {
    return dirname(this.path);
  }

  /** @throws {TonescoreError} `ERR_ABORTED` where `signal` ends it, so that no unfinished page is left. */
  async write(page: AsyncIterable<string>, signal?: AbortSignal): Promise<void> {
    for await (const text of page) {
      throwIfAborted(signal);
      await this.output.write(text);
    }
    await this.output.finish();
    this.#done = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off("exit", this.output.discardNow);
    if (!this.#done) await this.output.discard();
  }
}
