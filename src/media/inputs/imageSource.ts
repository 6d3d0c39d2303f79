import { fileURLToPath } from "node:url";
import { expected } from "../../util/expected.js";
import { shown } from "../../util/shown.js";
import type { Picture, RgbImage } from "../picture.js";

/** A path or a `file:` URL, the bytes of a picture file, or pixels. */
export type ImageSource = string | URL | Uint8Array | ArrayBuffer | Blob | RgbImage;

/** With the URL made a path. */
export type OpenedUrl = Exclude<ImageSource, URL>;

const SOURCE = "a path, a file: URL, a picture file's bytes, or RGB pixels of width × height × 3 bytes";

/**
 * The path that a `file:` URL means.
 * @throws {TonescoreError} `ERR_INVALID_ARGUMENT` for every other URL: nothing is ever fetched.
 */
export function pathOfUrl(url: URL): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw expected(SOURCE, { but: `received the URL ${shown(String(url))}`, cause });
  }
}

/** What was transferred has no bytes left, and cannot be read at all. */
const copyOf = (bytes: Uint8Array): Uint8Array =>
  bytes.length > 0 ? new Uint8Array(bytes) : new Uint8Array();

/** The source in memory of its own: its owner may transfer, shrink or write to what other threads are to read. */
export function ownSource(source: OpenedUrl): OpenedUrl {
  if (source instanceof Uint8Array) return copyOf(source);
  if (source instanceof ArrayBuffer)
    return copyOf(source.byteLength > 0 ? new Uint8Array(source) : new Uint8Array());
  const { data } = Object(source) as Partial<RgbImage>;
  return data instanceof Uint8Array ? { ...(source as RgbImage), data: copyOf(data) } : source;
}

/**
 * Brings a source into one of three forms: a path, bytes, or checked pixels. Sources come from programs without types
 * too.
 * @throws {TonescoreError} `ERR_INVALID_ARGUMENT`
 */
export async function openSource(source: OpenedUrl): Promise<string | Uint8Array | Picture> {
  if (typeof source === "string" || source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (source instanceof Blob) return new Uint8Array(await source.arrayBuffer());
  return checkPixels(source);
}

function checkPixels(source: RgbImage): Picture {
  const { width = NaN, height = NaN, data } = Object(source) as Partial<RgbImage>;
  const whole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (whole && data instanceof Uint8Array && data.length === width * height * 3) {
    return { width, height, data, treatment: [] };
  }
  if (!(data instanceof Uint8Array)) throw expected(SOURCE, { received: source });
  const size = `${shown(width)} × ${shown(height)}`;
  throw expected(SOURCE, { but: `received ${size} pixels in ${data.length} bytes` });
}
