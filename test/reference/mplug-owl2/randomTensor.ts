export type StoredAs = "f32" | "f16" | "bf16";

/** A tensor of a checkpoint, of numbers that follow from its name alone. */
export interface RandomTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether it is a factor, near 1; else it is spread about 0 by as much as keeps a product's size. */
  readonly factor?: boolean;
  /** What it holds, where that is not random. */
  readonly values?: Float32Array;
}

/** The most that a random whole number is away from 0: seven bits, which each type here holds exactly. */
const MOST = 127;
const DEVIATION = MOST / Math.sqrt(3);

/** Whole numbers of 32 bits from a name: FNV-1a for the seed, then mulberry32. */
function randomWords(name: string): () => number {
  let state = 0x811c9dc5;
  for (const byte of Buffer.from(name)) state = Math.imul(state ^ byte, 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return (word ^ (word >>> 14)) >>> 0;
  };
}

/** The same numbers in every type, since each can hold all of them. */
export function valuesOf({ name, shape, factor, values }: RandomTensor): Float32Array {
  if (values) return values;
  const next = randomWords(name);
  const inputs = shape.slice(1).reduce((product, size) => product * size, 1);
  const scale = factor ? 2 ** -9 : 2 ** -Math.round(Math.log2(DEVIATION * Math.sqrt(Math.max(inputs, 16))));
  const count = shape.reduce((product, size) => product * size, 1);
  const numbers = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const whole = Math.floor((next() / 2 ** 32) * (2 * MOST + 1)) - MOST;
    numbers[i] = factor ? 1 + Math.round(whole / 4) * 4 * scale : whole * scale;
  }
  return numbers;
}

/** The bytes of numbers in a type, the nearest where it cannot hold them (none is below 2^-14 but 0). */
export function stored(numbers: Float32Array, type: StoredAs): Buffer {
  if (type === "f32") return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  const bits = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  const halves = new Uint16Array(numbers.length);
  for (let i = 0; i < bits.length; i++) {
    const word = (bits[i] ?? 0) + (type === "f16" ? 0x1000 : 0x8000);
    if (type === "bf16" || (word & 0x7fffffff) < 0x10000) halves[i] = word >>> 16;
    else
      halves[i] = ((word >>> 16) & 0x8000) | ((((word >>> 23) & 0xff) - 112) << 10) | ((word >>> 13) & 0x3ff);
  }
  return Buffer.from(halves.buffer);
}
