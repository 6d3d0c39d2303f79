/**
 * A stream whose next chunks can be read while something else is waited for. ffmpeg writes to several pipes, one after
 * the other: where it stands still before one of them, what it would write to another cannot come.
 */
export class ReadAhead implements AsyncIterableIterator<Uint8Array> {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #read: Uint8Array[] = [];
  #bytes = 0;
  #coming: Promise<IteratorResult<Uint8Array>> | undefined;

  /** @param most bytes to keep besides the last chunk; a stream that is further ahead has to wait */
  constructor(
    private readonly stream: AsyncIterable<Uint8Array> & { destroy(): unknown },
    private readonly most: number,
  ) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    const value = this.#read.shift();
    if (!value) return this.#take();
    this.#bytes -= value.length;
    return { value };
  }

  /** Waits for `wanted`, and keeps what comes meanwhile for {@link next}. */
  async during<T>(wanted: Promise<T>): Promise<T> {
    const there = wanted.then(
      () => true,
      () => true,
    );
    while (this.#bytes <= this.most) {
      this.#coming ??= this.#chunks.next();
      if (await Promise.race([there, this.#coming.then(() => false)])) return wanted;
      const taken = await this.#coming;
      if (taken.done === true) break;
      this.#coming = undefined;
      this.#read.push(taken.value);
      this.#bytes += taken.value.length;
    }
    return wanted;
  }

  /** Does not wait for a chunk that is still to come, as an iterator of the stream's own would. */
  return(): Promise<IteratorResult<Uint8Array>> {
    this.#coming?.catch(() => undefined);
    this.stream.destroy();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #take(): Promise<IteratorResult<Uint8Array>> {
    const coming = this.#coming ?? this.#chunks.next();
    this.#coming = undefined;
    return coming;
  }
}
