import { convert } from "../../../src/importing/tensors/convert.js";
import { readLayout } from "../../native/ggufLayout.js";

const ALIGNMENT = 32;
const F32 = 0;
const BLOCK = 32;

interface StoredType {
  /** Of as many numbers as a block has. */
  readonly bytes: number;
  readonly widen: (from: Buffer) => Float32Array;
}

const floats = (bytes: Buffer): Float32Array =>
  Float32Array.from(new Float32Array(Uint8Array.from(bytes).buffer));
const halves = (bytes: Buffer): Float32Array => floats(convert(Buffer.from(bytes), "F16", "F32"));

/** Blocks of a scale, an f16, and what is times that. */
const scaled =
  (bytes: number, whole: (block: Buffer, i: number) => number) =>
  (from: Buffer): Float32Array => {
    const numbers = new Float32Array((from.length / bytes) * BLOCK);
    for (let at = 0, i = 0; at < from.length; at += bytes, i += BLOCK) {
      const block = from.subarray(at + 2, at + bytes);
      const [scale = NaN] = halves(from.subarray(at, at + 2));
      for (let j = 0; j < BLOCK; j++) numbers[i + j] = scale * whole(block, j);
    }
    return numbers;
  };

/** By GGUF's number. */
const types: Readonly<Record<number, StoredType>> = {
  [F32]: { bytes: 4 * BLOCK, widen: floats },
  1: { bytes: 2 * BLOCK, widen: halves },
  2: {
    bytes: 2 + BLOCK / 2,
    widen: scaled(18, (block, i) => ((block.readUInt8(i % 16) >> (i < 16 ? 0 : 4)) & 15) - 8),
  },
  8: { bytes: 2 + BLOCK, widen: scaled(34, (block, i) => block.readInt8(i)) },
};

/** A GGUF file of f32, f16, q8_0 and q4_0 with all numbers as f32, which hold each of them. */
export function widened(path: string): Buffer {
  const { bytes, tensors, values, dataAt } = readLayout(path);
  const header = Buffer.from(bytes.subarray(0, dataAt));
  const fileType = values.get("general.file_type");
  if (fileType) header.writeUInt32LE(F32, fileType.start);
  const data: Buffer[] = [];
  let size = 0;
  for (const [name, { dimensions, typeAt, offset }] of tensors) {
    const count = dimensions.reduce((product, length) => product * length, 1);
    const type = types[bytes.readUInt32LE(typeAt)];
    if (type === undefined) throw new Error(`${name} is of a type that is not widened`);
    const from = dataAt + offset;
    const numbers = type.widen(bytes.subarray(from, from + (count / BLOCK) * type.bytes));
    const padding = Buffer.alloc((ALIGNMENT - ((4 * count) % ALIGNMENT)) % ALIGNMENT);
    header.writeUInt32LE(F32, typeAt);
    header.writeBigUInt64LE(BigInt(size), typeAt + 4);
    data.push(Buffer.from(numbers.buffer), padding);
    size += 4 * count + padding.length;
  }
  return Buffer.concat([header, ...data]);
}
