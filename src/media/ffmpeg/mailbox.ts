/** Hands values from an event handler to one waiting reader, in order. */
export class Mailbox<T> {
  readonly #values: T[] = [];
  #waiting: ((value: T | undefined) => void) | undefined;
  #closed = false;

  put(value: T): void {
    if (this.#waiting) this.#answer(value);
    else this.#values.push(value);
  }

  /** No more will come. */
  close(): void {
    this.#closed = true;
    this.#answer(undefined);
  }

  /** The next value, as soon as there is one; `undefined` after the last. */
  take(): Promise<T | undefined> {
    const value = this.#values.shift();
    if (value !== undefined || this.#closed) return Promise.resolve(value);
    return new Promise((resolve) => (this.#waiting = resolve));
  }

  #answer(value: T | undefined): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(value);
  }
}
