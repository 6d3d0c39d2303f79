import { isRawTiff } from "./image/cameraRaw.js";

export type MediaKind = "image" | "video";

/** What the first bytes of a file say that it is. */
export type FileType =
  | "JPEG"
  | "PNG"
  | "WebP"
  | "AVIF"
  | "TIFF"
  | "GIF"
  | "HEIC"
  | "camera RAW"
  | "SVG"
  | "PDF"
  | "BMP"
  | "Photoshop"
  | "JPEG XL"
  | "JPEG 2000"
  | "video";

/** How many bytes {@link sniff} likes to see. */
export const HEAD_BYTES = 4096;

/** The lower-case extension without its dot; empty where there is none. */
export const extensionOf = (path: string): string => /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";

/** Transport packets are 188 bytes long, or 192 with a time code in front; each has its sync byte. */
export const isTransportStream = (head: Uint8Array): boolean =>
  (head[0] === 0x47 && head[188] === 0x47) || (head[4] === 0x47 && head[196] === 0x47);

const text = (head: Uint8Array, from: number, to: number): string =>
  Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString("latin1", from, to);

/** First bytes as Latin-1; `?` stands for any byte. */
const magics: readonly (readonly [type: FileType, ...starts: string[]])[] = [
  ["JPEG", "\xff\xd8\xff"],
  ["PNG", "\x89PNG\r\n"],
  ["GIF", "GIF87a", "GIF89a"],
  ["WebP", "RIFF????WEBP"],
  ["camera RAW", "FUJIFILMCCD-RAW", "IIRO", "IIRS", "IIU\0", "MMOR", "FOVb", "\0MRM"],
  ["TIFF", "II*\0", "II+\0", "MM\0*", "MM\0+"],
  ["PDF", "%PDF-"],
  ["BMP", "BM????\0\0\0\0??\0\0?\0\0\0"],
  ["Photoshop", "8BPS"],
  ["JPEG XL", "\xff\x0a", "\0\0\0\x0cJXL "],
  ["JPEG 2000", "\0\0\0\x0cjP  ", "\xff\x4f\xff\x51"],
  [
    "video",
    "RIFF????AVI ",
    "OggS",
    "FLV\x01",
    "\x1aE\xdf\xa3",
    "0&\xb2u",
    "YUV4MPEG2",
    "DKIF",
    "\0\0\x01\xba",
  ],
  ["video", "????moov", "????mdat", "????wide", "????free", "????skip", "????pnot", "\0\0\x01\xb3"],
];

const startsLike = (start: string, pattern: string): boolean =>
  Array.from(pattern).every((byte, i) => byte === "?" || byte === start[i]);

const SVG = /^(?:\xef\xbb\xbf)?\s*<(?:svg|[?!][^]*?<svg)[\s>]/;

/** An ISO base media file (MP4, HEIC, AVIF and others) names its brands in its first box. */
function sniffBrands(head: Uint8Array): FileType {
  const size = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(0);
  const brands = text(head, 8, Math.min(size, 256));
  if (brands.startsWith("crx ")) return "camera RAW";
  if (/avi[fs]/.test(brands)) return "AVIF";
  return /^(mif1|msf1|he[iv][cxms])/.test(brands) ? "HEIC" : "video";
}

/** Names a file by its first bytes, {@link HEAD_BYTES} of them where there are so many. */
export function sniff(head: Uint8Array): FileType | undefined {
  if (head.length < 12) return undefined;
  if (text(head, 4, 8) === "ftyp") return sniffBrands(head);
  const start = text(head, 0, 1024);
  if (SVG.test(start)) return "SVG";
  const type = magics.find(([, ...starts]) => starts.some((pattern) => startsLike(start, pattern)))?.[0];
  if (type === "TIFF" && isRawTiff(head)) return "camera RAW";
  return type ?? (isTransportStream(head) ? "video" : undefined);
}
