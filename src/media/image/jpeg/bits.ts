/** What is wrong with entropy-coded data. */
export class Damage extends Error {}

/** Reads bits of one segment of entropy-coded data, stuffing removed. Beyond its end it reads what comes to hand. */
export class Bits {
  bit = 0;

  constructor(
    readonly data: Uint8Array,
    public at: number,
    readonly end: number,
  ) {}

  /** The next 16 bits, which are not taken. */
  peek(): number {
    const { data, at } = this;
    const three = ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
    return (three >>> (8 - this.bit)) & 0xffff;
  }

  skip(count: number): void {
    const bit = this.bit + count;
    this.at += bit >> 3;
    this.bit = bit & 7;
  }

  /** The value of the next bits, at most 16. */
  take(count: number): number {
    const value = this.peek() >> (16 - count);
    this.skip(count);
    return value;
  }

  /** @throws {Damage} where more was read than there is. */
  checkNotBeyond(): void {
    if (this.at > this.end || (this.at === this.end && this.bit > 0)) throw new Damage("ends too early");
  }

  /** @throws {Damage} where the last byte that was read is not the segment's. */
  checkAtEnd(): void {
    this.checkNotBeyond();
    const left = this.end - this.at - (this.bit > 0 ? 1 : 0);
    if (left > 0) throw new Damage(`holds ${left} bytes too many`);
  }
}
