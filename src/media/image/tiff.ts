import type { RgbImage } from "../picture.js";

const SHORT = 3;
const LONG = 4;
const UNDEFINED = 7;

/**
 * Pixels and their ICC profile as an uncompressed TIFF in memory, the plainest way to hand sharp both: raw
 * pixels alone cannot carry a profile.
 */
export function wrapInTiff({ width, height, data }: RgbImage, profile: Uint8Array): Uint8Array {
  const entries = 10;
  const bitsAt = 8 + 2 + 12 * entries + 4;
  const profileAt = bitsAt + 6;
  const pixelsAt = profileAt + profile.length + (profile.length % 2);
  const fields: readonly (readonly [tag: number, type: number, count: number, value: number])[] = [
    [256, LONG, 1, width],
    [257, LONG, 1, height],
    [258, SHORT, 3, bitsAt],
    [259, SHORT, 1, 1], // no compression
    [262, SHORT, 1, 2], // RGB
    [273, LONG, 1, pixelsAt],
    [277, SHORT, 1, 3], // samples per pixel
    [278, LONG, 1, height], // one strip
    [279, LONG, 1, data.length],
    [34675, UNDEFINED, profile.length, profileAt],
  ];
  const tiff = Buffer.alloc(pixelsAt + data.length);
  tiff.write("II*\0\x08\0\0\0", "latin1");
  tiff.writeUInt16LE(entries, 8);
  fields.forEach(([tag, type, count, value], i) => {
    const at = 10 + 12 * i;
    tiff.writeUInt16LE(tag, at);
    tiff.writeUInt16LE(type, at + 2);
    tiff.writeUInt32LE(count, at + 4);
    tiff.writeUInt32LE(value, at + 8);
  });
  for (let sample = 0; sample < 3; sample++) tiff.writeUInt16LE(8, bitsAt + 2 * sample);
  tiff.set(profile, profileAt);
  tiff.set(data, pixelsAt);
  return tiff;
}
