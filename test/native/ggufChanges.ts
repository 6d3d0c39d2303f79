import { expect } from "chai";
import { type GgufLayout, splice } from "./ggufLayout.js";

/** A sound file, spoiled. */
export type Change = (layout: GgufLayout) => Buffer;

const changed = (layout: GgufLayout, change: (bytes: Buffer) => void): Buffer => {
  const bytes = Buffer.from(layout.bytes);
  change(bytes);
  return bytes;
};

function valueOf(layout: GgufLayout, key: string) {
  const value = layout.values.get(key);
  return value ?? expect.fail(`no ${key}`);
}

function tensorOf(layout: GgufLayout, name: string) {
  const tensor = layout.tensors.get(name);
  return tensor ?? expect.fail(`no ${name}`);
}

export const integer =
  (key: string, value: number, place = 0): Change =>
  (layout) =>
    changed(layout, (bytes) => bytes.writeUInt32LE(value, valueOf(layout, key).places[place]?.start));

export const float =
  (key: string, value: number): Change =>
  (layout) =>
    changed(layout, (bytes) => bytes.writeFloatLE(value, valueOf(layout, key).start));

/** The number becomes a text. */
export const asText =
  (key: string): Change =>
  (layout) => {
    const { typeAt, end } = valueOf(layout, key);
    return splice(layout, typeAt, end, Buffer.from([8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0x31]));
  };

/** An element of a list of texts becomes the one before it. */
export const repeated =
  (key: string, place: number): Change =>
  (layout) => {
    const { places } = valueOf(layout, key);
    const [before, own] = [places[place - 1], places[place]];
    return splice(layout, own?.start ?? 0, own?.end ?? 0, layout.bytes.subarray(before?.start, before?.end));
  };

export const renamed =
  (name: string): Change =>
  (layout) =>
    changed(layout, (bytes) => bytes.write("x", tensorOf(layout, name).nameAt));

export const type =
  (name: string, value: number): Change =>
  (layout) =>
    changed(layout, (bytes) => bytes.writeUInt32LE(value, tensorOf(layout, name).typeAt));

export const shape =
  (name: string, ...dimensions: number[]): Change =>
  (layout) =>
    changed(layout, (bytes) => {
      for (const [i, length] of dimensions.entries()) {
        bytes.writeBigUInt64LE(BigInt(length), tensorOf(layout, name).dimensionsAt + 8 * i);
      }
    });

export const data =
  (name: string, byte: number): Change =>
  (layout) => {
    const { offset, dimensions } = tensorOf(layout, name);
    const start = layout.dataAt + offset;
    return changed(layout, (bytes) => bytes.fill(byte, start, start + 2 * (dimensions[0] ?? 0)));
  };

/** Bytes of a block, and how many numbers it holds, by type. */
const sizes: Readonly<Record<number, readonly [bytes: number, numbers: number]>> = {
  0: [4, 1],
  1: [2, 1],
  8: [34, 32],
  25: [2, 1],
};
const ALIGNMENT = 32;

/** The data as long as the header says, whose changes moved them; all of them 0. */
export function relaid(layout: GgufLayout): Buffer {
  const header = Buffer.from(layout.bytes.subarray(0, layout.dataAt));
  let size = 0;
  for (const { dimensionsAt, dimensions, typeAt } of layout.tensors.values()) {
    const count = dimensions.reduce(
      (product, _, i) => product * Number(header.readBigUInt64LE(dimensionsAt + 8 * i)),
      1,
    );
    const [bytes, numbers] = sizes[header.readUInt32LE(typeAt)] ?? [4, 1];
    header.writeBigUInt64LE(BigInt(size), typeAt + 4);
    size += Math.ceil(((count / numbers) * bytes) / ALIGNMENT) * ALIGNMENT;
  }
  return Buffer.concat([header, Buffer.alloc(size)]);
}
