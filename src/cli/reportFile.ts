import { dirname } from "node:path";
import { completeFileOutput, type CompleteOutput } from "./output.js";

/**
 * A report's file. It is opened before the run that it is about, since a path that cannot be written to is better known
 * then, and takes its name when it is complete; a report that comes to nothing leaves nothing.
 */
export class ReportFile implements AsyncDisposable {
  #done = false;

  private constructor(
    private readonly output: CompleteOutput,
    readonly path: string,
  ) {}

  static async open(path: string): Promise<ReportFile> {
    return new ReportFile(await completeFileOutput(path), path);
  }

  /** What the page's links are relative to. */
  get folder(): string {
    return dirname(this.path);
  }

  async write(page: AsyncIterable<string>): Promise<void> {
    for await (const text of page) await this.output.write(text);
    await this.output.finish();
    this.#done = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#done) await this.output.discard();
  }
}
