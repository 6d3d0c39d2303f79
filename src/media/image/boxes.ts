/** A box of an ISO base media file (ISO/IEC 14496-12): its type and what is inside. */
export interface Box {
  readonly type: string;
  readonly body: Uint8Array;
}

/** The boxes that lie one after another in some bytes. What reaches beyond them ends the list. */
export function* boxesIn(bytes: Uint8Array): Generator<Box, void, undefined> {
  const view = viewOf(bytes);
  for (let at = 0; at + 8 <= bytes.length;) {
    const stated = view.getUint32(at);
    const large = stated === 1 && at + 16 <= bytes.length;
    const header = large ? 16 : 8;
    const size = large ? Number(view.getBigUint64(at + 8)) : stated === 0 ? bytes.length - at : stated;
    if (size < header || at + size > bytes.length) return;
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    yield { type, body: bytes.subarray(at + header, at + size) };
    at += size;
  }
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const NOTHING = new Uint8Array(0);

/** What a box inside boxes holds, the first of each type; nothing where it is not there. */
export function inside(bytes: Uint8Array, ...types: readonly string[]): Uint8Array {
  let body: Uint8Array = bytes;
  for (const type of types) {
    let found: Uint8Array = NOTHING;
    for (const box of boxesIn(body)) {
      if (box.type !== type) continue;
      found = box.body;
      break;
    }
    body = type === "meta" ? found.subarray(4) : found;
  }
  return body;
}

/** Reads big-endian numbers of so many bytes one after another; beyond the end they are 0. */
export class Numbers {
  #at = 0;

  constructor(readonly bytes: Uint8Array) {}

  more(): boolean {
    return this.#at < this.bytes.length;
  }

  skip(count: number): void {
    this.#at += count;
  }

  next(size: number): number {
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + (this.bytes[this.#at++] ?? 0);
    return value;
  }
}
