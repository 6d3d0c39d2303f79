import { crc32 } from "node:zlib";

const PNG = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
/** Names of boxes, chunks and keys: MP4, RIFF, PNG, GGUF. */
const NAME = /[A-Za-z][A-Za-z0-9_. ]{3}/g;
const NEAR_NAMES = [-8, -4, 4, 8, 12, 16, 20, 24];
const EDGE = 64;
const MOST_NAMES = 4096;

/** Where a file may hold numbers that others depend on: near its ends, after JPEG markers, beside names. */
export function fieldPlaces(bytes: Buffer): number[] {
  const places: number[] = [];
  for (let at = 0; at < EDGE; at++) places.push(at, bytes.length - 4 * EDGE + 4 * at);
  for (let at = bytes.indexOf(0xff); at >= 0 && at < 4096; at = bytes.indexOf(0xff, at + 1)) {
    if ((bytes[at + 1] ?? 0) >= 0xc0) places.push(at + 2, at + 4, at + 5, at + 7, at + 9);
  }
  let names = 0;
  for (const { index } of bytes.toString("latin1").matchAll(NAME)) {
    if (++names > MOST_NAMES) break;
    for (const distance of NEAR_NAMES) places.push(index + distance);
  }
  return places.filter((place) => place >= 0 && place < bytes.length);
}

/** A PNG whose chunks have the checksums of what they hold now; other files as they are. */
export function refitPngChecksums(bytes: Buffer): Buffer {
  if (!bytes.subarray(0, PNG.length).equals(PNG)) return bytes;
  const fitted = Buffer.from(bytes);
  for (let at = PNG.length; at + 12 <= fitted.length;) {
    const end = at + 8 + fitted.readUInt32BE(at);
    if (end + 4 > fitted.length) break;
    fitted.writeUInt32BE(crc32(fitted.subarray(at + 4, end)), end);
    at = end + 4;
  }
  return fitted;
}
