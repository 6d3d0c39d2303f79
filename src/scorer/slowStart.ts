/** Tells why the first picture takes long, where it does. */
export class SlowStart {
  #over: boolean;

  /**
   * @param why undefined where it should not take long
   * @param patience milliseconds after which it is told
   */
  constructor(
    private readonly why: string | undefined,
    private readonly tell: (why: string) => void,
    private readonly patience = 3000,
  ) {
    this.#over = why === undefined;
  }

  /** Waits for what may be the first picture. */
  async watch<T>(reading: Promise<T>): Promise<T> {
    if (this.#over) return reading;
    const timer = setTimeout(() => {
      if (!this.#over) this.tell(this.why ?? "");
      this.#over = true;
    }, this.patience);
    try {
      return await reading;
    } finally {
      clearTimeout(timer);
      this.#over = true;
    }
  }
}
