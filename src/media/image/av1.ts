import type { Colour } from "../colour/colour.js";

const SEQUENCE_HEADER = 1;

/** Reads bits, the highest of a byte first; beyond the end they are 0. */
class BitReader {
  #at = 0;

  constructor(readonly bytes: Uint8Array) {}

  next(count = 1): number {
    let value = 0;
    for (let i = 0; i < count; i++, this.#at++) {
      value = value * 2 + (((this.bytes[this.#at >> 3] ?? 0) >> (7 - (this.#at & 7))) & 1);
    }
    return value;
  }

  skip(count: number): void {
    this.#at += count;
  }
}

/** A sequence header up to the colour; `undefined` where its times are stated, which no still needs. */
function skipToColour(bits: BitReader, reduced: boolean): boolean {
  if (reduced) {
    bits.skip(5);
  } else {
    if (bits.next() === 1) return false;
    const delays = bits.next() === 1;
    for (let left = bits.next(5) + 1; left > 0; left--) {
      bits.skip(12);
      if (bits.next(5) > 7) bits.skip(1);
      if (delays && bits.next() === 1) bits.skip(4);
    }
  }
  const [width, height] = [bits.next(4) + 1, bits.next(4) + 1];
  bits.skip(width + height);
  if (!reduced && bits.next() === 1) bits.skip(7); // frame ids
  bits.skip(3); // superblocks, filters within frames
  if (!reduced) skipInterTools(bits);
  bits.skip(3); // scaling and filters after decoding
  return true;
}

function skipInterTools(bits: BitReader): void {
  bits.skip(4);
  const ordered = bits.next() === 1;
  if (ordered) bits.skip(2);
  const screen = bits.next() === 1 || bits.next() === 1;
  if (screen && bits.next() === 0) bits.skip(1);
  if (ordered) bits.skip(3);
}

function readSequenceHeader(bytes: Uint8Array): Colour | undefined {
  const bits = new BitReader(bytes);
  const profile = bits.next(3);
  bits.skip(1);
  if (!skipToColour(bits, bits.next() === 1)) return undefined;
  const deep = bits.next() === 1;
  if (profile === 2 && deep) bits.skip(1);
  if (profile !== 1) bits.skip(1); // without colour
  if (bits.next() === 0) return undefined;
  const [primaries, transfer, matrix] = [bits.next(8), bits.next(8), bits.next(8)];
  return { primaries, transfer, matrix };
}

/** The colour that the first sequence header among some open bitstream units states, if it does. */
export function readAv1Colour(units: Uint8Array): Colour | undefined {
  for (let at = 0; at < units.length;) {
    const header = units[at++] ?? 0;
    if (header & 4) at++; // extension
    let size = 0;
    if ((header & 2) === 0) size = units.length - at;
    else {
      for (let shift = 0; shift < 35 && at < units.length; shift += 7) {
        const byte = units[at++] ?? 0;
        size += (byte & 127) * 2 ** shift;
        if (byte < 128) break;
      }
    }
    if (((header >> 3) & 15) === SEQUENCE_HEADER) return readSequenceHeader(units.subarray(at, at + size));
    at += size;
  }
  return undefined;
}
