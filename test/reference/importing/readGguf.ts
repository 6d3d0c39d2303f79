import { createHash } from "node:crypto";
import { readLayout } from "../../native/ggufLayout.js";

/** A file as the records have it. */
export interface Described {
  readonly metadata: Readonly<Record<string, { readonly type: string; readonly value: unknown }>>;
  readonly tensors: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly type: string;
    readonly sha256: string;
  }[];
}

const names = ["UINT8", "INT8", "UINT16", "INT16", "UINT32", "INT32", "FLOAT32", "BOOL", "STRING", "ARRAY"];
const types: Readonly<Record<number, readonly [name: string, width: number]>> = {
  0: ["F32", 4],
  1: ["F16", 2],
  30: ["BF16", 2],
};

/** All that a GGUF says, and of each tensor its shape, type and SHA-256. */
export function readGguf(path: string): Described {
  const { bytes, values, tensors, dataAt } = readLayout(path);
  const item = (type: number, start: number, end: number): unknown => {
    if (type === 8) return bytes.toString("utf8", start + 8, end);
    if (type === 7) return bytes[start] === 1;
    if (type === 6) return bytes.readFloatLE(start);
    return type === 5 ? bytes.readInt32LE(start) : bytes.readUInt32LE(start);
  };
  const metadata = [...values].map(([key, { type, typeAt, start, end, places }]) => {
    const list = bytes.readUInt32LE(typeAt) === 9;
    const value = list ? places.map((place) => item(type, place.start, place.end)) : item(type, start, end);
    return [key, { type: `${list ? "ARRAY of " : ""}${names[type] ?? ""}`, value }] as const;
  });
  return {
    metadata: Object.fromEntries(metadata),
    tensors: [...tensors].map(([name, { dimensions, typeAt, offset }]) => {
      const [type, width] = types[bytes.readUInt32LE(typeAt)] ?? ["", 0];
      const size = dimensions.reduce((a, b) => a * b, 1) * width;
      const data = bytes.subarray(dataAt + offset, dataAt + offset + size);
      return { name, shape: dimensions, type, sha256: createHash("sha256").update(data).digest("hex") };
    }),
  };
}
