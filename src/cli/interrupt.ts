import { exitCodes } from "./exit.js";
import type { Io } from "./io.js";

/** Ctrl-C: the first ends the run in good order through a signal, the second ends the process at once. */
export class Interrupt implements Disposable {
  readonly #controller = new AbortController();
  readonly #unsubscribe: () => void;

  constructor(io: Io, onFirst: () => void) {
    this.#unsubscribe = io.onInterrupt(() => {
      if (this.happened) {
        io.exit(exitCodes.interrupted);
        return;
      }
      onFirst();
      this.#controller.abort();
    });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }
  get happened(): boolean {
    return this.signal.aborted;
  }

  [Symbol.dispose](): void {
    this.#unsubscribe();
  }
}
