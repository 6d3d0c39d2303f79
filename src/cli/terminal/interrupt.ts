import { constants } from "node:os";
import type { Io, StopSignal } from "./io.js";

/** 128 and the signal's number, as shells have it: 130 for Ctrl-C. */
const exitCodeOfSignal = (signal: StopSignal): number => 128 + constants.signals[signal];

/** The first of these ends the run in good order through a signal, the second ends the process at once. */
export class Interrupt implements Disposable {
  readonly #controller = new AbortController();
  readonly #unsubscribe: () => void;
  #exitCode: number | undefined;

  /** @param say is given what to tell the user at the first. */
  constructor(io: Io, say: (text: string) => void) {
    this.#unsubscribe = io.onInterrupt((signal) => {
      if (this.#exitCode !== undefined) {
        io.exit(exitCodeOfSignal(signal));
        return;
      }
      this.#exitCode = exitCodeOfSignal(signal);
      say(
        signal === "SIGINT"
          ? "stopping; press Ctrl-C again to stop at once"
          : `stopping for ${signal}; a second one stops at once`,
      );
      this.#controller.abort(signal);
    });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }
  /** What the program exits with, once it was asked to stop. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  [Symbol.dispose](): void {
    this.#unsubscribe();
  }
}
