import { TonescoreError } from "../errors.js";

/** What has begun and not ended, so that closing can wait for it. */
export class UnderWay {
  readonly #jobs = new Set<Promise<unknown>>();
  #closed = false;

  /** @throws {TonescoreError} `ERR_DISPOSED` once it is closed. */
  async run<T>(begin: () => Promise<T>): Promise<T> {
    if (this.#closed) {
      throw new TonescoreError("ERR_DISPOSED", "This scorer was closed. Make another with createScorer().");
    }
    const job = begin();
    this.#jobs.add(job);
    try {
      return await job;
    } finally {
      this.#jobs.delete(job);
    }
  }

  /** Takes no more, and waits for what is there. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#jobs);
  }
}
