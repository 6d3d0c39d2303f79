import { isRawExtension } from "../image/cameraRaw.js";
import { extensionOf, isTransportStream, type MediaKind } from "../formats.js";

/** What a file is that folders and globs leave out, as far as its name tells. */
export type LeftOutKind =
  "camera RAW" | "SVG" | "PDF" | "Photoshop" | "JPEG XL" | "JPEG 2000" | "OpenEXR" | "Radiance HDR" | "other";

const list = (words: string): readonly string[] => words.split(" ");

const pictures = new Set(
  list(
    "jpg jpeg jpe jfif jfi jif pjpeg pjp mpo insp png apng webp avif avifs tif tiff btf tf8 gif bmp dib " +
      "heic heif hif heics heifs",
  ),
);

const videos = new Set(
  list(
    "mp4 m4v mp4v mov qt mkv webm avi divx mpg mpeg mpe m1v m2v mpv m2p m2t ts trp tp m2ts mts mod tod vro mxf wmv " +
      "asf flv f4v 3gp 3gpp 3g2 3gp2 ogv ogm vob rm rmvb wtv gxf dv y4m ivf nut lrv insv gifv " +
      "h264 264 avc h265 265 hevc vvc av1 obu mjpeg mjpg",
  ),
);

const refused: Readonly<Record<Exclude<LeftOutKind, "camera RAW">, readonly string[]>> = {
  SVG: list("svg svgz"),
  PDF: list("pdf"),
  Photoshop: list("psd psb"),
  "JPEG XL": list("jxl"),
  "JPEG 2000": list("jp2 j2k j2c jpc jpx jpf jpm jph"),
  OpenEXR: list("exr"),
  "Radiance HDR": list("hdr rgbe"),
  other: list(
    "ai bpg cur dds emf eps flif hdp icns ico jxr kra pam pbm pcx pfm pgm pnm ppm qoi sgi tga wdp wmf xcf",
  ),
};

const refusedKinds = new Map(
  Object.entries(refused).flatMap(([kind, names]) => names.map((name) => [name, kind as LeftOutKind])),
);

/** The kind that a name promises; `undefined` where it promises nothing that can be scored. */
export function kindOfExtension(path: string): MediaKind | undefined {
  const extension = extensionOf(path);
  if (pictures.has(extension)) return "image";
  return videos.has(extension) ? "video" : undefined;
}

/** What a name says of a file that is no picture or video to score. */
export function leftOutKind(path: string): LeftOutKind {
  const extension = extensionOf(path);
  return isRawExtension(extension) ? "camera RAW" : (refusedKinds.get(extension) ?? "other");
}

/** True where the name alone says that the file is a picture of a sort that is refused with a remedy. */
export const isRefusedPicture = (path: string): boolean =>
  isRawExtension(extensionOf(path)) || refusedKinds.has(extensionOf(path));

/** Sources in TypeScript and Go's modules share these extensions with MPEG streams. */
export const isAmbiguous = (path: string): boolean => /\.(m?ts|mod)$/i.test(path);

/** True for the first bytes of an MPEG stream: transport packets, a program stream's pack, or a sequence header. */
export const isMpegStream = (head: Uint8Array): boolean =>
  isTransportStream(head) ||
  (head[0] === 0 && head[1] === 0 && head[2] === 1 && (head[3] === 0xba || head[3] === 0xb3));
