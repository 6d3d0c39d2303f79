import sharp, { type Metadata } from "sharp";
import { TonescoreError } from "../errors.js";
import { isHdr } from "./colour.js";
import { colourByFfmpeg, decodeWithFfmpeg, type FfmpegPictureOptions } from "./ffmpeg-picture.js";
import type { Picture, RgbImage } from "./picture.js";
import { wrapInTiff } from "./tiff.js";

const REMEDY =
  "Single pictures need ffmpeg 7 or later and the tiled ones of phones a still newer one (8 or later). Or " +
  "convert it first: heif-convert photo.heic photo.png (package libheif-examples), or export it as JPEG.";

function undecodable(name: string, reason: string, version: string): TonescoreError {
  const message = `${name} is a HEIC picture, which this ffmpeg does not decode: ${reason} (${version}).`;
  return new TonescoreError("ERR_IMAGE_DECODE", `${message} ${REMEDY}`);
}

/**
 * Decodes HEIC, whose codec sharp's binaries leave out for its patents, with ffmpeg. No stream is named: new
 * versions then put the tiles of a picture together. Old ones give a tile as if it were the whole, which the
 * size in the file's header, read by libheif, finds out.
 */
export async function decodeHeic(
  source: string | Uint8Array,
  name: string,
  meta: Metadata,
  options: FfmpegPictureOptions,
): Promise<Picture> {
  const { image, complaints, version } = await decodeWithFfmpeg(source, options);
  if (!image) throw undecodable(name, complaints.join("; ") || "it gives no picture", version);
  if (isHdr(await colourByFfmpeg(source, options)))
    throw undecodable(name, "it is HDR, which would need tone-mapping", version);
  if (image.width !== meta.width || image.height !== meta.height) {
    const reason = `it gives a part of ${image.width}×${image.height}, and the picture is ${meta.width}×${meta.height}`;
    throw undecodable(name, reason, version);
  }
  return meta.icc ? toSrgb(image, meta.icc) : { ...image, treatment: [] };
}

/** Phones write Display P3. */
async function toSrgb(image: RgbImage, profile: Uint8Array): Promise<Picture> {
  const tagged = sharp(wrapInTiff(image, profile), { limitInputPixels: false });
  const { data } = await tagged
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  return { width: image.width, height: image.height, data, treatment: ["icc→srgb"] };
}
