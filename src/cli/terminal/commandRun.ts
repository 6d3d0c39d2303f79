import { ModelNotHere, TonescoreError } from "../../errors.js";
import type { PresetPair } from "../../prompts/choosePresets.js";
import type { ScorerOptions } from "../../scorer/options.js";
import { Interrupt } from "./interrupt.js";
import type { BatchScorer, Dependencies, Io } from "./io.js";
import { createMessages, type Messages } from "./messages.js";
import { Progress } from "./progress.js";

/** A command under way: what it tells the user meanwhile, and whether it was asked to stop. */
export class CommandRun implements Disposable {
  readonly progress: Progress;
  readonly messages: Messages;
  readonly #interrupt: Interrupt;

  constructor(
    readonly io: Io,
    quiet: boolean,
  ) {
    this.progress = new Progress(io.stderr, !quiet);
    this.messages = createMessages(io.stderr, quiet, () => {
      this.progress.clear();
    });
    this.#interrupt = new Interrupt(io, this.messages.note);
  }

  /** Aborts when the user asks the run to stop. */
  get signal(): AbortSignal {
    return this.#interrupt.signal;
  }
  /** What the program exits with, once it was asked to stop. */
  get stopped(): number | undefined {
    return this.#interrupt.exitCode;
  }

  /**
   * Hands a scorer to `use`, which is closed after it, and shows how far its model is loaded.
   * @param inputs how many it is for: one is not to end the scoring of others.
   */
  async withScorer<T>(
    { createScorer }: Dependencies,
    options: ScorerOptions,
    presets: readonly PresetPair[],
    inputs: number,
    use: (scorer: BatchScorer) => Promise<T>,
  ): Promise<T> {
    const onLoad = (fraction: number): void => {
      this.progress.phase("loading the model", fraction);
    };
    const { isolate = inputs > 1 } = options;
    const onWarning = this.messages.warn;
    const asked = { ...options, isolate, signal: this.signal, onLoad, onWarning };
    const scorer = await createScorer(asked, presets).catch(async (error: unknown) => {
      if (!(error instanceof ModelNotHere)) throw error;
      const { offerModel } = await import("./offerModel.js"); // what downloads is loaded by whoever needs it
      await offerModel(this, error);
      return createScorer(asked, presets);
    });
    try {
      return await use(scorer);
    } finally {
      this.progress.finish();
      await scorer.close();
    }
  }

  [Symbol.dispose](): void {
    this.progress.stop();
    this.#interrupt[Symbol.dispose]();
  }
}

/**
 * Runs a command that can be stopped, and gives its exit code. Once it was asked to stop, an error is only a consequence
 * of that, but for one of the output.
 * @param ifStopped what to tell the user then.
 */
export async function runCommand(
  io: Io,
  { quiet = false }: { readonly quiet?: boolean },
  body: (run: CommandRun) => Promise<number>,
  ifStopped = "stopped",
): Promise<number> {
  using run = new CommandRun(io, quiet);
  try {
    return await body(run);
  } catch (error) {
    if (run.stopped === undefined || isOutputError(error)) throw error;
    run.messages.note(ifStopped);
    return run.stopped;
  }
}

export const isOutputError = (error: unknown): boolean =>
  error instanceof TonescoreError && error.code === "ERR_OUTPUT";
