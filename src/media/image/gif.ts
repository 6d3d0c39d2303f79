/** A part of a picture, in pixels. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const EXTENSION = 0x21;
const FRAME = 0x2c;

const tableBytes = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);

/** Which part of the canvas the first frame covers; `undefined` where there is none, or it covers nothing. */
export function firstFrame(bytes: Uint8Array): Rectangle | undefined {
  if (bytes.length < 13) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [canvasWidth, canvasHeight] = [view.getUint16(6, true), view.getUint16(8, true)];
  let at = 13 + tableBytes(view.getUint8(10));
  while (bytes[at] === EXTENSION) {
    at += 2;
    while ((bytes[at] ?? 0) > 0) at += 1 + (bytes[at] ?? 0);
    at++;
  }
  if (bytes[at] !== FRAME || at + 10 > bytes.length) return undefined;
  const [left, top] = [view.getUint16(at + 1, true), view.getUint16(at + 3, true)];
  const width = Math.min(view.getUint16(at + 5, true), canvasWidth - left);
  const height = Math.min(view.getUint16(at + 7, true), canvasHeight - top);
  return width > 0 && height > 0 ? { left, top, width, height } : undefined;
}
