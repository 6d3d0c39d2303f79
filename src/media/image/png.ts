import type { Chromaticities } from "../colour/gamut.js";

/** What a PNG says of itself beside its pixels. */
export interface PngFacts {
  /** Primaries and transfer by the code points of ITU-T H.273, of the chunk cICP. */
  readonly cicp?: { readonly primaries: number; readonly transfer: number };
  /** True where a profile or the word sRGB says what the numbers mean. */
  readonly profiled: boolean;
  /** The exponent that made numbers of light. */
  readonly gamma?: number;
  readonly chromaticities?: Chromaticities;
  /** Of an animation; 1 for a still. */
  readonly frames: number;
  readonly interlaced: boolean;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const SIGNATURE = 8;

const readers: Readonly<Record<string, (facts: Mutable<PngFacts>, data: DataView) => void>> = {
  IHDR: (facts, data) => {
    facts.interlaced = data.byteLength > 12 && data.getUint8(12) === 1;
  },
  cICP: (facts, data) => {
    if (data.byteLength >= 2) facts.cicp = { primaries: data.getUint8(0), transfer: data.getUint8(1) };
  },
  iCCP: (facts) => {
    facts.profiled = true;
  },
  sRGB: (facts) => {
    facts.profiled = true;
  },
  gAMA: (facts, data) => {
    if (data.byteLength >= 4 && data.getUint32(0) > 0) facts.gamma = data.getUint32(0) / 100000;
  },
  cHRM: (facts, data) => {
    if (data.byteLength < 32) return;
    const point = (at: number) => [data.getUint32(at) / 100000, data.getUint32(at + 4) / 100000] as const;
    facts.chromaticities = { white: point(0), red: point(8), green: point(16), blue: point(24) };
  },
  acTL: (facts, data) => {
    if (data.byteLength >= 4) facts.frames = Math.max(1, data.getUint32(0));
  },
};

/** Reads the chunks before the pixels. Whether they are whole is for the decoder to say. */
export function readPng(bytes: Uint8Array): PngFacts {
  const facts: Mutable<PngFacts> = { profiled: false, frames: 1, interlaced: false };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = SIGNATURE; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (type === "IDAT" || at + 12 + length > bytes.length) break;
    if (Object.hasOwn(readers, type)) {
      readers[type]?.(facts, new DataView(bytes.buffer, bytes.byteOffset + at + 8, length));
    }
    at += 12 + length;
  }
  return facts;
}
