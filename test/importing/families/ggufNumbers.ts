import { readLayout } from "../../native/ggufLayout.js";

/** A tensor as a file has it; its rows before its columns. */
export interface Read {
  readonly type: number;
  readonly dimensions: readonly number[];
  readonly bytes: Buffer;
}

/** ggml's numbers of the types. */
export const types = { F32: 0, F16: 1, Q4_0: 2, Q5_0: 6, Q8_0: 8, BF16: 30 } as const;
const typeSizes: Readonly<Record<number, readonly [numbers: number, bytes: number]>> = {
  0: [1, 4],
  1: [1, 2],
  2: [32, 18],
  6: [32, 22],
  8: [32, 34],
  30: [1, 2],
};

/** All tensors of a file. */
export function readTensors(path: string): Map<string, Read> {
  const { bytes, tensors, dataAt } = readLayout(path);
  return new Map(
    [...tensors].map(([name, { dimensions, typeAt, offset }]) => {
      const type = bytes.readUInt32LE(typeAt);
      const [numbers, size] = typeSizes[type] ?? [1, 0];
      const length = (dimensions.reduce((a, b) => a * b, 1) / numbers) * size;
      const data = bytes.subarray(dataAt + offset, dataAt + offset + length);
      return [name, { type, dimensions: [...dimensions].reverse(), bytes: data }];
    }),
  );
}

/** The numbers of a tensor of 16 or 32 bits; none of them is subnormal or beyond all bounds. */
export function numbersOf({ type, bytes }: Read): Float32Array {
  if (type === types.F32)
    return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
  const [bits, bias] = type === types.F16 ? [10, 15] : [7, 127];
  return Float32Array.from({ length: bytes.length / 2 }, (_, i) => {
    const short = bytes.readUInt16LE(2 * i);
    const exponent = (short & 0x7fff) >> bits;
    const size = 2 ** (exponent - bias) * (1 + (short & ((1 << bits) - 1)) / (1 << bits));
    return exponent === 0 ? 0 : short & 0x8000 ? -size : size;
  });
}
