/** Carries bytes to another process and back, in order. */
export interface Channel {
  /**
   * The bytes must not change until they are through.
   * @param onThrough called then, unless the channel broke
   */
  write(bytes: Uint8Array, onThrough?: () => void): void;
  /** The bytes are others once the listener is done. */
  onBytes(listener: (bytes: Uint8Array) => void): void;
}

/** What one process tells another: a few words as JSON, and bytes, such as pixels. */
export interface Frame {
  readonly head: unknown;
  readonly body: Uint8Array;
}

/** Before each frame stand the lengths of head and body in bytes, little endian, 4 and 6 bytes wide. */
const HEAD_WIDTH = 4;
const BODY_WIDTH = 6;

export function writeFrame(channel: Channel, head: object, body?: Uint8Array, onThrough?: () => void): void {
  const text = Buffer.from(JSON.stringify(head));
  const lengths = Buffer.alloc(HEAD_WIDTH + BODY_WIDTH);
  lengths.writeUIntLE(text.length, 0, HEAD_WIDTH);
  lengths.writeUIntLE(body?.length ?? 0, HEAD_WIDTH, BODY_WIDTH);
  channel.write(Buffer.concat([lengths, text]));
  if (body) channel.write(body, onThrough);
}

/** Puts frames together again, however their bytes were cut. */
export class FrameReader {
  readonly #complete: Frame[] = [];
  readonly #parts: Generator<number, never, Buffer>;
  #part: Buffer;
  #filled = 0;

  /** @param most bytes that a head or a body may have. */
  constructor(private readonly most = Infinity) {
    this.#parts = this.#read();
    this.#part = buffer(this.#parts.next(NO_BUFFER).value);
  }

  /**
   * Takes what came, and gives the frames that it completes.
   * @throws {Error} where this is no frame of ours; nothing more can be read then.
   */
  push(bytes: Uint8Array): Frame[] {
    for (let from = 0; from < bytes.length;) {
      const taken = bytes.subarray(from, from + this.#part.length - this.#filled);
      this.#part.set(taken, this.#filled);
      this.#filled += taken.length;
      from += taken.length;
      while (this.#filled === this.#part.length) this.#next();
    }
    return this.#complete.splice(0);
  }

  #next(): void {
    this.#part = buffer(this.#parts.next(this.#part).value);
    this.#filled = 0;
  }

  /** Asks for so many bytes, and is handed them. */
  *#read(): Generator<number, never, Buffer> {
    for (;;) {
      const lengths = yield HEAD_WIDTH + BODY_WIDTH;
      const [head, body] = [lengths.readUIntLE(0, HEAD_WIDTH), lengths.readUIntLE(HEAD_WIDTH, BODY_WIDTH)];
      if (Math.max(head, body) > this.most) throw new Error(`a frame of ${Math.max(head, body)} bytes`);
      const words = JSON.parse((yield head).toString()) as unknown;
      this.#complete.push({ head: words, body: yield body });
    }
  }
}

const NO_BUFFER = Buffer.alloc(0);

/** Of its own memory, so that numbers in it are where typed arrays want them; it is filled before it is read. */
const buffer = (length: number): Buffer => Buffer.allocUnsafeSlow(length);
