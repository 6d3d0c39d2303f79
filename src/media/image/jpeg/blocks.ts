import { Bits, Damage } from "./bits.js";
import { type Codes, lengthOf, sizeOf, stepOf, TO_THE_END } from "./codes.js";

const invalid = (): Damage => new Damage("holds a code that means nothing");
const overfull = (): Damage => new Damage("holds a block of more than 64 coefficients");
const impossible = (): Damage => new Damage("holds a value that no picture has");

/** The difference of a block's DC coefficient to the one before. */
export function readDifference(bits: Bits, codes: Codes): number {
  const entry = codes[bits.peek()] ?? 0;
  if (entry === 0) throw invalid();
  const size = sizeOf(entry);
  bits.skip(lengthOf(entry) - size);
  if (size === 0) return 0;
  const value = bits.take(size);
  return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
}

/** Passes a block's AC coefficients; `most` has the largest possible size of each. */
export function passCoefficients(bits: Bits, codes: Codes, most: Uint8Array): void {
  const { data } = bits;
  let { at, bit } = bits;
  let k = 1;
  while (k < 64) {
    const three = ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
    const entry = codes[(three >>> (8 - bit)) & 0xffff] ?? 0;
    if (entry === 0) throw invalid();
    bit += entry & 31;
    at += bit >> 3;
    bit &= 7;
    const step = entry >> 9;
    if (step > TO_THE_END) throw invalid();
    k += step;
    if (((entry >> 5) & 15) > (most[k] ?? 0)) throw impossible();
  }
  if (k > 64 && k <= TO_THE_END) throw overfull();
  bits.at = at;
  bits.bit = bit;
}

/** Which of a component's coefficients are known not to be zero: 64 bits a block, in two numbers. */
export type NonZero = Uint32Array;

const count = (word: number): number => {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
};

/** The bits from `from` to `to`, inclusive, of a word that begins at `base`. */
function mask(base: number, from: number, to: number): number {
  const [low, high] = [Math.max(from - base, 0), Math.min(to - base, 31)];
  return low > high ? 0 : (0xffffffff >>> (31 - high + low)) << low;
}

/** The AC coefficients of one scan of a progressive picture: a band, first roughly and then bit by bit. */
export class Band {
  /** Blocks that are still to come without anything new. */
  run = 0;

  constructor(
    readonly bits: Bits,
    readonly codes: Codes,
    readonly nonZero: NonZero,
    readonly first: number,
    readonly last: number,
    readonly most: Uint8Array,
  ) {}

  #startRun(entry: number): void {
    const length = stepOf(entry) - TO_THE_END;
    this.run = (1 << length) + (length > 0 ? this.bits.take(length) : 0);
  }

  #entry(): number {
    const entry = this.codes[this.bits.peek()] ?? 0;
    if (entry === 0) throw invalid();
    this.bits.skip(lengthOf(entry));
    return entry;
  }

  #mark(block: number, k: number): void {
    const word = 2 * block + (k >> 5);
    this.nonZero[word] = (this.nonZero[word] ?? 0) | (1 << (k & 31));
  }

  #isMarked = (block: number, k: number): boolean =>
    (((this.nonZero[2 * block + (k >> 5)] ?? 0) >>> (k & 31)) & 1) === 1;

  passFirst(block: number): void {
    let k = this.first;
    while (this.run === 0 && k <= this.last) {
      const entry = this.#entry();
      if (stepOf(entry) >= TO_THE_END) this.#startRun(entry);
      else {
        k += stepOf(entry);
        if (k > this.last + 1) throw overfull();
        if (sizeOf(entry) > (this.most[k] ?? 0)) throw impossible();
        if (sizeOf(entry) > 0) this.#mark(block, k - 1);
      }
    }
    if (this.run > 0) this.run--;
  }

  passRefinement(block: number): void {
    let k = this.first;
    while (this.run === 0 && k <= this.last) {
      const entry = this.#entry();
      if (stepOf(entry) >= TO_THE_END) {
        this.#startRun(entry);
        break;
      }
      const size = sizeOf(entry);
      if (size > 1) throw invalid();
      k = this.#passZeros(block, k, stepOf(entry) - 1);
      if (size > 0 && k > this.last) throw overfull();
      if (size > 0) this.#mark(block, k);
      k++;
    }
    if (this.run === 0) return;
    this.#skipCorrections(block, k);
    this.run--;
  }

  /** Passes so many coefficients that are still zero, and the correction of each other on the way. */
  #passZeros(block: number, from: number, zeros: number): number {
    let k = from;
    for (let left = zeros; k <= this.last; k++) {
      if (this.#isMarked(block, k)) this.bits.skip(1);
      else if (left-- === 0) break;
    }
    return k;
  }

  #skipCorrections(block: number, from: number): void {
    const low = (this.nonZero[2 * block] ?? 0) & mask(0, from, this.last);
    const high = (this.nonZero[2 * block + 1] ?? 0) & mask(32, from, this.last);
    this.bits.skip(count(low) + count(high));
  }
}
