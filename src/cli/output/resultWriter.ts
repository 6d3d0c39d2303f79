import type { Result, RunningScore, StreamFrame } from "../../results/result.js";
import type { ResultFormat } from "../../results/write.js";
import type { Output } from "./output.js";

/** Writes results in a format to an output, and leaves a whole document behind however the run ends. */
export class ResultWriter {
  #failure: { readonly cause: unknown } | undefined;

  constructor(
    private readonly format: ResultFormat,
    private readonly output: Output,
  ) {}

  async start(): Promise<void> {
    await this.#write(this.format.start);
  }

  /** Of one input: a result for each preset, or one error. */
  async add(results: readonly Result[]): Promise<void> {
    await this.#write(this.format.results(results));
  }

  async event(event: StreamFrame | RunningScore): Promise<void> {
    await this.#write(this.format.event?.(event));
  }

  async close(): Promise<void> {
    if (!this.#failure) await this.#write(this.format.end?.());
    if (!this.#failure) await this.output.finish();
  }

  async #write(text = ""): Promise<void> {
    if (text === "") return;
    if (this.#failure) throw this.#failure.cause;
    try {
      await this.output.write(text);
    } catch (error) {
      this.#failure = { cause: error };
      await this.output.abandon();
      throw error;
    }
  }
}
