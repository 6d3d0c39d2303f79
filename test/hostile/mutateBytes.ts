import type { Random } from "./random.js";
import { fieldPlaces, refitPngChecksums } from "./structure.js";

export interface Mutation {
  readonly bytes: Buffer;
  /** What was done, such as `flips, truncation`. */
  readonly how: string;
}

type Change = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

const EXTREMES = [0n, 1n, 2n, 0x7fn, 0xffn, 0x7fffn, 0xffffn, 0x7fffffffn, 0x80000000n, 0xffffffffn];
const WIDE_EXTREMES = [...EXTREMES, 0x7fffffffffffffffn, 0x8000000000000000n, 0xffffffffffffffffn];

/** A random stretch of a file, at most an eighth of it. */
function stretch(bytes: Buffer, random: Random): [from: number, to: number] {
  const from = random.int(0, Math.max(0, bytes.length - 1));
  const longest = Math.max(1, Math.min(bytes.length - from, Math.ceil(bytes.length / 8)));
  return [from, from + random.int(1, longest)];
}

const joined = (...parts: readonly Uint8Array[]): Buffer => Buffer.concat(parts);

const changes: Readonly<Record<string, Change>> = {
  truncation: (bytes, random) => bytes.subarray(0, random.int(0, bytes.length)),
  flips(bytes, random) {
    const changed = Buffer.from(bytes);
    for (let left = random.int(1, 32); left > 0; left--) {
      const at = random.int(0, Math.max(0, bytes.length - 1));
      changed[at] = (changed[at] ?? 0) ^ (1 << random.int(0, 7));
    }
    return changed;
  },
  overwrite(bytes, random) {
    const [from, to] = stretch(bytes, random);
    return joined(bytes.subarray(0, from), random.bytes(Math.min(256, to - from)), bytes.subarray(to));
  },
  hole(bytes, random) {
    const [from, to] = stretch(bytes, random);
    return Buffer.from(bytes).fill(0, from, to);
  },
  deletion(bytes, random) {
    const [from, to] = stretch(bytes, random);
    return joined(bytes.subarray(0, from), bytes.subarray(to));
  },
  duplication(bytes, random) {
    const [from, to] = stretch(bytes, random);
    return joined(bytes.subarray(0, to), bytes.subarray(from));
  },
  swap(bytes, random) {
    const [[a, b], [c, d]] = [stretch(bytes, random), stretch(bytes, random)].sort((x, y) => x[0] - y[0]) as [
      [number, number],
      [number, number],
    ];
    if (b > c) return changes.duplication?.(bytes, random, bytes) ?? bytes;
    const [first, second] = [bytes.subarray(a, b), bytes.subarray(c, d)];
    return joined(bytes.subarray(0, a), second, bytes.subarray(b, c), first, bytes.subarray(d));
  },
  field(bytes, random) {
    const changed = Buffer.from(bytes);
    const places = fieldPlaces(bytes);
    if (places.length === 0) return changed;
    for (let left = random.int(1, 3); left > 0; left--) writeExtreme(changed, random.pick(places), random);
    return changed;
  },
  splice(bytes, random, other) {
    return joined(
      bytes.subarray(0, random.int(0, bytes.length)),
      other.subarray(random.int(0, other.length)),
    );
  },
  header(bytes, random, other) {
    const length = random.pick([4, 8, 16, 32, 64, 256]);
    return joined(bytes.subarray(0, length), other.subarray(length));
  },
};

function writeExtreme(bytes: Buffer, at: number, random: Random): void {
  const width = random.pick([1, 2, 4, 4, 8]);
  const value = BigInt.asUintN(width * 8, random.pick(width === 8 ? WIDE_EXTREMES : EXTREMES));
  const big = random.chance(0.5);
  for (let index = 0; index < width; index++) {
    const shift = BigInt(8 * (big ? width - 1 - index : index));
    if (at + index < bytes.length) bytes[at + index] = Number((value >> shift) & 0xffn);
  }
}

/** One to three changes of a file's bytes; `other` is another file to take parts from. */
export function mutateBytes(bytes: Buffer, other: Buffer, random: Random): Mutation {
  const names = Object.keys(changes);
  const how: string[] = [];
  let changed = bytes;
  for (let left = random.pick([1, 1, 2, 3]); left > 0; left--) {
    const name = random.pick([...names, "field", "field"]);
    changed = changes[name]?.(changed, random, other) ?? changed;
    how.push(name);
  }
  // Without this most changes of a PNG end at its first checksum.
  if (random.chance(0.7)) changed = refitPngChecksums(changed);
  return { bytes: changed, how: how.join(", ") };
}
