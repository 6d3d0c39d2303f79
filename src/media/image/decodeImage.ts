import { readFile } from "node:fs/promises";
import { messageOf } from "../../util/messageOf.js";
import { expected } from "../../util/expected.js";
import { TonescoreError } from "../../errors.js";
import { nativeAddon } from "../../native/load.js";
import { throwIfAborted } from "../../util/abort.js";
import { isRawExtension } from "./cameraRaw.js";
import { fsPath, isBytesOnly } from "../inputs/fileNames.js";
import { extensionOf, type FileType, HEAD_BYTES, sniff } from "../formats.js";
import { decodeBmp, readBmpHeader } from "./bmp.js";
import { MAX_PIXELS, tooManyPixels } from "../maxPixels.js";
import { findLibheif } from "./findLibheif.js";
import { decodeHeic } from "./heic.js";
import type { Picture, Size } from "../picture.js";
import { decodeRaster, openRaster, type Raster } from "./raster.js";
import { accessError, statFile } from "../inputs/source.js";
import { isOldJpegTiff } from "./tiffCompression.js";

/** Node reads no larger file in one piece. */
const MAX_BYTES = 2 ** 31 - 1;

export interface ImageOptions {
  /** Refuse pictures with more pixels than this. Default: {@link MAX_PIXELS}. */
  readonly maxPixels?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Path of the ffmpeg that decodes BMP and, where there is no libheif-js, HEIC. */
  readonly ffmpeg?: string | undefined;
  /** Called with the size that decoding will hold in memory; decoding waits for it. */
  readonly reserve?: ((size: { width: number; height: number }) => Promise<void>) | undefined;
  /**
   * Pixels of the shorter side that are surely enough: a picture of twice as many and more is decoded smaller, where it
   * can be decoded row by row. Half as many will do where it has more than `maxPixels` otherwise.
   */
  readonly enough?: number | undefined;
  /** Which pictures are decoded at their own size all the same, since more than the whole of them is looked at. */
  readonly atOwnSize?: ((size: Size) => boolean) | undefined;
}

const decodable = new Set<FileType | undefined>([
  "JPEG",
  "PNG",
  "WebP",
  "AVIF",
  "TIFF",
  "GIF",
  "BMP",
  "HEIC",
]);

const remedies: Partial<Record<FileType, string>> = {
  "camera RAW":
    "Develop it first: export a JPEG or TIFF from the camera maker's program, darktable or RawTherapee.",
  SVG: "A drawing has no quality before it is rendered: export it as PNG at the size that you mean.",
  PDF: "Export the page as PNG first.",
  video: "Give it as a video.",
};

const KINDS = "JPEG, PNG, WebP, AVIF, TIFF, GIF, BMP or HEIC picture";

const unsupported = (name: string, type: FileType | "an old-style JPEG TIFF"): TonescoreError =>
  expected(`a ${KINDS}`, {
    code: "ERR_INPUT_UNSUPPORTED",
    but: `${name} is ${type}`,
    remedy: (type in remedies ? remedies[type as FileType] : undefined) ?? "Convert it to PNG first.",
  });

const undecodable = (name: string, reason: string, cause?: unknown): TonescoreError =>
  expected(`a whole ${KINDS}`, {
    code: "ERR_IMAGE_DECODE",
    but: `${name} ${reason}`,
    remedy: "It is damaged, cut short, or no picture: open it in a viewer and save it anew.",
    cause,
  });

/** libvips puts one complaint on a line, and repeats itself. */
const reasonOf = (error: unknown): string => [...new Set(messageOf(error).split("\n"))].join("; ").trim();

async function read(path: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const { size } = await statFile(path);
  if (size > MAX_BYTES) {
    throw expected("a picture file of at most 2 GB", {
      code: "ERR_IMAGE_TOO_LARGE",
      but: `"${path}" has ${size} bytes`,
      remedy: "Save it smaller.",
    });
  }
  try {
    return await readFile(fsPath(path), { signal });
  } catch (error) {
    throwIfAborted(signal);
    throw accessError(path, error);
  }
}

/** Refuses by first bytes, and RAW also by name: some cameras' files look like any other TIFF. */
function checkType(bytes: Uint8Array, name: string, path: string): FileType {
  if (bytes.length === 0) throw undecodable(name, "is empty (0 bytes)");
  const type = sniff(bytes.subarray(0, HEAD_BYTES));
  const namedRaw = isRawExtension(extensionOf(path));
  if (namedRaw && (type === undefined || type === "TIFF")) throw unsupported(name, "camera RAW");
  if (type !== undefined && decodable.has(type)) return type;
  if (type !== undefined) throw unsupported(name, type);
  const start = Buffer.from(bytes.subarray(0, 16))
    .toString("latin1")
    .replace(/[^\x20-\x7e]/g, "·");
  throw undecodable(name, `begins with "${start}", which is none of these`);
}

function checkSize({ width, height }: { width: number; height: number }, maxPixels: number, name: string) {
  if (width * height <= maxPixels) return;
  throw tooManyPixels(maxPixels, `${name} is ${width}×${height} (${width * height})`);
}

interface Encoded {
  readonly source: string | Uint8Array;
  readonly bytes: Uint8Array;
  readonly name: string;
}

async function decode(
  { source, bytes, name }: Encoded,
  type: FileType,
  options: ImageOptions,
): Promise<Picture> {
  const { maxPixels = MAX_PIXELS } = options;
  if (type === "BMP") {
    const header = readBmpHeader(bytes);
    if (!header || bytes.length < header.fileSize) throw undecodable(name, "ends too early");
    checkSize(header, maxPixels, name);
    await options.reserve?.(header);
    return decodeBmp(source, name, header, options);
  }
  if (type === "TIFF" && isOldJpegTiff(bytes)) throw unsupported(name, "an old-style JPEG TIFF");
  const raster = await openRaster(bytes, type, name, { ...options, maxPixels });
  checkSize(raster.size, maxPixels, name);
  await options.reserve?.(raster.size);
  if (type === "HEIC") return decodeHeic({ source, bytes, name }, raster.meta, options, findLibheif());
  if (type === "JPEG") return decodeJpeg(raster);
  return decodeRaster(raster, "error");
}

/** libjpeg is asked to pass over what is wrong only where the check has found that every pixel is there. */
async function decodeJpeg(raster: Raster): Promise<Picture> {
  const verdict = await nativeAddon().checkJpeg(raster.bytes);
  if (verdict === "whole") return decodeRaster(raster, "none");
  if (verdict === "unknown") return decodeRaster(raster, "warning");
  throw undecodable(raster.name, `is damaged: ${verdict}`);
}

/**
 * Decodes a picture from a file or from memory to 8-bit sRGB, upright, on a white page, in one pass. Damaged
 * and truncated pictures are errors: a score of half a picture would look like a score.
 */
export async function decodeImage(source: string | Uint8Array, options: ImageOptions = {}): Promise<Picture> {
  const { signal } = options;
  throwIfAborted(signal);
  const path = typeof source === "string" ? source : "";
  const name = path ? `"${path}"` : "the picture in memory";
  const bytes = typeof source === "string" ? await read(source, signal) : source;
  const type = checkType(bytes, name, path);
  try {
    const picture = await decode({ source: isBytesOnly(path) ? bytes : source, bytes, name }, type, options);
    throwIfAborted(signal);
    return picture;
  } catch (error) {
    throwIfAborted(signal);
    throw error instanceof TonescoreError
      ? error
      : undecodable(name, `cannot be decoded (${reasonOf(error)})`, error);
  }
}
