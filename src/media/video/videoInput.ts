import type { FileHandle } from "node:fs/promises";
import { resolve } from "node:path";
import { Readable, type Writable } from "node:stream";
import { expected } from "../../util/expected.js";
import { type FfmpegProcess, inputArguments } from "../ffmpeg/ffmpegProcess.js";
import { isBytesOnly } from "../inputs/fileNames.js";
import { extensionOf } from "../formats.js";
import { brokenOff, openFile, statFile } from "../inputs/source.js";

/** A video as ffmpeg can be given it, more than once. */
export interface VideoInput {
  /** For messages. */
  readonly name: string;
  /** What opens it. */
  readonly arguments: readonly string[];
  /** What opens it where it is MP4, QuickTime or Matroska, and else nothing; absent for a stream, which is read once. */
  readonly indexed?: readonly string[];
  /** What to do when it does not decode. */
  readonly remedy: string;
  /** False where only the end of the stream tells how long it is. */
  readonly seekable: boolean;
  /** Writes to ffmpeg's stdin what it reads from there; returns when there is no more, or ffmpeg wants no more. */
  feed(process: FfmpegProcess, options: { keep: boolean }): Promise<void>;
  close(): void | Promise<void>;
}

/** Pictures in a row without a container look like one picture to ffmpeg: their ending tells that there are more. */
async function namedFormat(path: string): Promise<string | undefined> {
  if (!["mjpeg", "mjpg"].includes(extensionOf(path))) return undefined;
  const file = await openFile(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(3), 0, 3, 0);
    return bytesRead === 3 && buffer.readUIntBE(0, 3) === 0xffd8ff ? "mjpeg" : undefined;
  } finally {
    await file.close();
  }
}

/** The `file:` prefix makes ffmpeg take any name literally: `-x.mp4`, `a:b.mp4`, `http:x`. */
async function fileInput(path: string): Promise<VideoInput> {
  const name = `"${path}"`;
  const { size } = await statFile(path);
  if (size === 0) {
    throw expected("a video", {
      code: "ERR_VIDEO_DECODE",
      but: `${name} is empty (0 bytes)`,
      remedy: "Copy or download it again.",
    });
  }
  const file = isBytesOnly(path) ? await openFile(path) : undefined;
  const url = file ? openFileUrl(file) : `file:${resolve(path)}`;
  return {
    name,
    arguments: inputArguments(url, await namedFormat(path)),
    indexed: inputArguments(url, undefined, "mov,matroska"),
    remedy: "Check that it plays; when it does, convert it to MP4 (H.264) and try again.",
    seekable: true,
    feed: (process) => Promise.resolve(void process.stdin.end()),
    close: () => file?.close(),
  };
}

/** Where Linux shows other programs a file that this one has open: their command lines are UTF-8 alone. */
const openFileUrl = ({ fd }: FileHandle): string => `file:/proc/${process.pid}/fd/${fd}`;

/** Probing a stream may take this much of it; a whole MP4 whose index is at its end would take more. */
const MOST_KEPT = 64 * 2 ** 20;

const STREAMABLE =
  "Send Matroska or MPEG-TS, or an MP4 with its index in front (-movflags +faststart), or give a file.";

/** A stream can be read once: what the probe reads is kept, and given again to the ffmpeg that decodes. */
class StreamInput implements VideoInput {
  readonly name = "the video from the stream";
  readonly arguments = inputArguments("pipe:0");
  readonly remedy = STREAMABLE;
  readonly seekable = false;
  readonly #stream: Readable;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #next: Promise<IteratorResult<Uint8Array>> | undefined;
  #kept: Uint8Array[] = [];
  #size = 0;

  constructor(stream: Readable) {
    this.#stream = stream;
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  }

  async feed({ stdin }: FfmpegProcess, { keep }: { keep: boolean }): Promise<void> {
    const closed = happens(stdin, "close");
    const kept = this.#kept;
    if (!keep) this.#kept = [];
    for (const chunk of kept) await write(stdin, chunk, closed);
    while (!stdin.destroyed) {
      // A chunk that arrives after this ffmpeg has gone is for the next one.
      this.#next ??= this.#read();
      const result = await Promise.race([this.#next, closed.then(() => undefined)]);
      if (!result) return;
      this.#next = undefined;
      if (result.done) break;
      if (keep) this.#keep(result.value);
      await write(stdin, result.value, closed);
    }
    stdin.end();
  }

  async #read(): Promise<IteratorResult<Uint8Array>> {
    try {
      return await this.#chunks.next();
    } catch (cause) {
      throw brokenOff(this.name, cause);
    }
  }

  #keep(chunk: Uint8Array): void {
    this.#kept.push(chunk);
    this.#size += chunk.length;
    if (this.#size <= MOST_KEPT) return;
    throw expected(`frames in the first ${MOST_KEPT} bytes of the stream`, {
      code: "ERR_VIDEO_DECODE",
      but: "there are none",
      remedy: STREAMABLE,
    });
  }

  close(): void {
    this.#stream.destroy();
  }
}

/** Unlike `events.once`, it takes a broken pipe for what it is: ffmpeg has read enough. */
export const happens = (sink: Writable, event: "close" | "drain"): Promise<unknown> =>
  new Promise((resolve) => sink.once(event, resolve));

export async function write(sink: Writable, chunk: Uint8Array, closed: Promise<unknown>): Promise<void> {
  if (sink.destroyed || sink.write(chunk)) return;
  await Promise.race([happens(sink, "drain"), closed]);
}

export async function openInput(source: string | Readable): Promise<VideoInput> {
  if (typeof source === "string") return fileInput(source);
  if (source instanceof Readable) return new StreamInput(source);
  throw expected("a video's path or a readable stream", { received: source });
}
