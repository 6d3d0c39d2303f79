import { readFileSync } from "node:fs";

/** A value of a header: its type by GGUF's number, and where it stands; an array has several places. */
export interface HeaderValue {
  readonly type: number;
  /** Where its type is written, and where the whole of it begins and ends. */
  readonly typeAt: number;
  readonly start: number;
  readonly end: number;
  readonly places: readonly { readonly start: number; readonly end: number }[];
}

/** A tensor's entry: where its name, dimensions and type are written. */
export interface TensorEntry {
  readonly nameAt: number;
  readonly dimensions: readonly number[];
  readonly dimensionsAt: number;
  readonly typeAt: number;
  /** Of its data, from where all data begin. */
  readonly offset: number;
}

export interface GgufLayout {
  readonly bytes: Buffer;
  readonly values: ReadonlyMap<string, HeaderValue>;
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly headerEnd: number;
  readonly dataAt: number;
}

const STRING = 8;
const ARRAY = 9;
/** Bytes of a plain value, by type. */
const WIDTHS: readonly number[] = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];
const ALIGNMENT = 32;

/** Reads a header from its beginning on. */
class Cursor {
  at = 24;

  constructor(readonly bytes: Buffer) {}

  uint32(): number {
    this.at += 4;
    return this.bytes.readUInt32LE(this.at - 4);
  }

  uint64(): number {
    this.at += 8;
    return Number(this.bytes.readBigUInt64LE(this.at - 8));
  }

  text(): string {
    const length = this.uint64();
    this.at += length;
    return this.bytes.toString("utf8", this.at - length, this.at);
  }

  value(): HeaderValue {
    const typeAt = this.at;
    const outer = this.uint32();
    const type = outer === ARRAY ? this.uint32() : outer;
    const count = outer === ARRAY ? this.uint64() : 1;
    const start = this.at;
    const places = Array.from({ length: count }, () => {
      const from = this.at;
      if (type === STRING) this.text();
      else this.at += WIDTHS[type] ?? 0;
      return { start: from, end: this.at };
    });
    return { type, typeAt, start, end: this.at, places };
  }

  tensor(nameAt: number): TensorEntry {
    const count = this.uint32();
    const dimensionsAt = this.at;
    const dimensions = Array.from({ length: count }, () => this.uint64());
    const typeAt = this.at;
    this.uint32();
    return { nameAt, dimensions, dimensionsAt, typeAt, offset: this.uint64() };
  }
}

/** Where everything stands in the header of a sound GGUF file. */
export function readLayout(path: string): GgufLayout {
  const bytes = readFileSync(path);
  const cursor = new Cursor(bytes);
  const values = new Map<string, HeaderValue>();
  for (let i = bytes.readBigUInt64LE(16); i > 0n; i--) values.set(cursor.text(), cursor.value());
  const tensors = new Map<string, TensorEntry>();
  for (let i = bytes.readBigUInt64LE(8); i > 0n; i--) {
    const nameAt = cursor.at + 8;
    tensors.set(cursor.text(), cursor.tensor(nameAt));
  }
  const dataAt = Math.ceil(cursor.at / ALIGNMENT) * ALIGNMENT;
  return { bytes, values, tensors, headerEnd: cursor.at, dataAt };
}

/** The file with a part of its header replaced; its data stay aligned. */
export function splice(layout: GgufLayout, start: number, end: number, part: Buffer): Buffer {
  const { bytes, headerEnd, dataAt } = layout;
  const header = Buffer.concat([bytes.subarray(0, start), part, bytes.subarray(end, headerEnd)]);
  const padding = Buffer.alloc((ALIGNMENT - (header.length % ALIGNMENT)) % ALIGNMENT);
  return Buffer.concat([header, padding, bytes.subarray(dataAt)]);
}
