import { expected } from "../../util/expected.js";
import { decodeWithFfmpeg, type FfmpegPictureOptions } from "./ffmpegPicture.js";
import type { Picture } from "../picture.js";

export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  /** Bytes of the whole file; 0 where the writer did not say. */
  readonly fileSize: number;
}

/** The oldest header, OS/2's, has sizes of 16 bits. */
const OLDEST = 12;

/** Undefined where the bytes end before the size. */
export function readBmpHeader(bytes: Uint8Array): BmpHeader | undefined {
  if (bytes.length < 26) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const oldest = view.getUint32(14, true) === OLDEST;
  const width = oldest ? view.getUint16(18, true) : view.getInt32(18, true);
  // A negative height says that the rows run from top to bottom.
  const height = oldest ? view.getUint16(20, true) : Math.abs(view.getInt32(22, true));
  return { width, height, fileSize: view.getUint32(2, true) };
}

/** Decodes BMP, which sharp's binaries lack, with ffmpeg. Transparency, which few programs write or show, is left out. */
export async function decodeBmp(
  source: string | Uint8Array,
  name: string,
  { width, height }: BmpHeader,
  options: FfmpegPictureOptions,
): Promise<Picture> {
  const input = { ...options, maxPixels: width * height, format: "bmp_pipe" } as const;
  const { image, complaints, version } = await decodeWithFfmpeg(source, input);
  if (image && complaints.length === 0) return { ...image, treatment: [] };
  const reason = complaints.join("; ") || "it gives no picture";
  throw expected("a BMP picture that ffmpeg decodes", {
    code: "ERR_IMAGE_DECODE",
    but: `${name} is none: ${reason} (${version})`,
    remedy: "Open it in a viewer and save it as PNG.",
  });
}
