const COMPRESSION = 259;
const OLD_JPEG = 6;

/**
 * Whether the first page of a TIFF, the one that is read, is compressed as JPEGs were in TIFF 6.0. Decoders differ on
 * what that means, and libtiff makes white of its tiles without a word.
 */
export function isOldJpegTiff(bytes: Uint8Array): boolean {
  if (bytes.length < 16) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[0] === 0x49;
  const big = view.getUint16(2, little) === 43;
  const directory = big ? Number(view.getBigUint64(8, little)) : view.getUint32(4, little);
  const [counted, entrySize, valueAt] = big ? [8, 20, 12] : [2, 12, 8];
  if (directory + counted > bytes.length) return false;
  const stated = big ? Number(view.getBigUint64(directory, little)) : view.getUint16(directory, little);
  const entries = Math.min(stated, Math.floor((bytes.length - directory - counted) / entrySize));
  for (let i = 0; i < entries; i++) {
    const entry = directory + counted + entrySize * i;
    if (view.getUint16(entry, little) !== COMPRESSION) continue;
    return view.getUint16(entry + valueAt, little) === OLD_JPEG;
  }
  return false;
}
