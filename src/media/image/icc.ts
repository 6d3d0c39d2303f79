import type { Metadata } from "sharp";
import type { Colour } from "../colour/colour.js";

const HEADER = 128;

const spaces: Readonly<Record<string, readonly string[]>> = {
  "RGB ": ["srgb", "rgb", "rgb16"],
  GRAY: ["b-w", "grey16"],
  CMYK: ["cmyk"],
  "Lab ": ["lab", "labs"],
};

const textOf = (bytes: Uint8Array, from: number): string =>
  String.fromCharCode(...bytes.subarray(from, from + 4));

/** Whether a picture's profile is one for colours of its kind. Decoders ignore any other. */
export function hasFittingProfile({ icc, space }: Metadata): boolean {
  if (!icc || icc.length < HEADER || textOf(icc, 36) !== "acsp") return false;
  return (spaces[textOf(icc, 16)] ?? []).includes(space);
}

/** The code points of ITU-T H.273 that a profile of HDR pictures carries beside its tables. */
export function readCicp(icc: Uint8Array): Colour | undefined {
  if (icc.length < HEADER + 4) return undefined;
  const view = new DataView(icc.buffer, icc.byteOffset, icc.byteLength);
  const tags = Math.min(view.getUint32(HEADER), Math.floor((icc.length - HEADER - 4) / 12));
  for (let i = 0; i < tags; i++) {
    const entry = HEADER + 4 + 12 * i;
    const at = view.getUint32(entry + 4);
    if (textOf(icc, entry) !== "cicp" || at + 12 > icc.length) continue;
    return {
      primaries: view.getUint8(at + 8),
      transfer: view.getUint8(at + 9),
      matrix: view.getUint8(at + 10),
    };
  }
  return undefined;
}
