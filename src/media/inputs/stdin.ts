import { Readable } from "node:stream";
import { brokenOff } from "./source.js";
import { expected } from "../../util/expected.js";
import { throwIfAborted } from "../../util/abort.js";
import { TonescoreError } from "../../errors.js";
import { HEAD_BYTES, sniff } from "../formats.js";

/** A picture is kept in memory whole, so there must be an end to it. */
const MOST_BYTES = 2 ** 29;

/** Where the first picture of a JPEG stream ends; undefined where that has not come yet. */
function endOfJpeg(bytes: Buffer): number | undefined {
  for (let at = bytes.indexOf(0xff, 2); at >= 0 && at + 4 <= bytes.length; at = bytes.indexOf(0xff, at)) {
    const marker = bytes.readUInt8(at + 1);
    if (marker === 0xd9) return at + 2;
    const alone = marker === 0 || (marker >= 0xd0 && marker <= 0xd8);
    at += marker === 0xff ? 1 : alone ? 2 : 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}

/** JPEG pictures one after another are a video, but for those that a camera keeps in one file (MPO). */
function isMotionJpeg(bytes: Buffer): boolean {
  const end = endOfJpeg(bytes);
  if (end === undefined || bytes.toString("latin1", end, end + 3) !== "\xff\xd8\xff") return false;
  return !bytes.subarray(0, end).includes("MPF\0");
}

function isVideo(bytes: Buffer): boolean {
  const type = sniff(bytes.subarray(0, HEAD_BYTES));
  return type === undefined || type === "video" || (type === "JPEG" && isMotionJpeg(bytes));
}

/**
 * What a stream brings, by its first bytes: a picture as a whole, or the stream of a video with nothing taken from it.
 * @throws {TonescoreError} `ERR_IMAGE_TOO_LARGE`, `ERR_INPUT_UNREADABLE`, `ERR_ABORTED`
 */
export async function openStdin(
  stream: Readable,
  signal?: AbortSignal,
  most = MOST_BYTES,
): Promise<Uint8Array | Readable> {
  const stop = (): void => void stream.destroy();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    throwIfAborted(signal);
    return await readPicture(stream, most);
  } catch (cause) {
    throwIfAborted(signal);
    if (cause instanceof TonescoreError) throw cause;
    throw brokenOff("standard input", cause);
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

async function readPicture(stream: Readable, most: number): Promise<Uint8Array | Readable> {
  let chunks: Uint8Array[] = [];
  let size = 0;
  let enough = HEAD_BYTES;
  const incoming = stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  for await (const chunk of incoming) {
    chunks.push(chunk);
    size += chunk.length;
    if (size < enough) continue;
    const bytes = Buffer.concat(chunks);
    if (isVideo(bytes)) {
      stream.unshift(bytes);
      return stream;
    }
    if (size > most) {
      stream.destroy();
      throw expected(`a picture of at most ${most} bytes on standard input`, {
        code: "ERR_IMAGE_TOO_LARGE",
        but: "more came",
        remedy: "Give it as a file.",
      });
    }
    chunks = [bytes];
    enough = Math.min(2 * size, most + 1); // looking again whenever it has doubled takes linear time
  }
  const bytes = Buffer.concat(chunks);
  return isVideo(bytes) ? Readable.from(size > 0 ? [bytes] : []) : bytes;
}
