import { throwIfAborted } from "./abort.js";

/** Lets go of what was taken; more than once is the same as once. */
export type Release = () => void;

interface Waiting {
  readonly amount: number;
  readonly go: () => void;
}

/** So much of something that may be in use at once. Who asks for more waits, in the order of asking. */
export class Budget {
  #free: number;
  readonly #waiting: Waiting[] = [];

  constructor(readonly total: number) {
    this.#free = total;
  }

  /** Whether there is room for so much, and nobody waits. */
  has(amount: number): boolean {
    return this.#waiting.length === 0 && amount <= this.#free;
  }

  /**
   * Waits until there is room.
   * @param amount at most `total`: the caller says in its own words why more can never be had.
   * @throws {TonescoreError} `ERR_ABORTED`
   */
  async take(amount: number, signal?: AbortSignal): Promise<Release> {
    throwIfAborted(signal);
    await new Promise<void>((go) => {
      this.#waiting.push({ amount, go });
      this.#serve();
    });
    let held = amount;
    const release = (): void => {
      this.#free += held;
      held = 0;
      this.#serve();
    };
    if (signal?.aborted) release();
    throwIfAborted(signal);
    return release;
  }

  #serve(): void {
    for (let next = this.#waiting[0]; next && next.amount <= this.#free; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#free -= next.amount;
      next.go();
    }
  }
}
