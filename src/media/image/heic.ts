import sharp, { type Metadata } from "sharp";
import { expected } from "../../util/expected.js";
import type { TonescoreError } from "../../errors.js";
import { type Colour, colourTreatment, needsLinearLight } from "../colour/colour.js";
import { colourByFfmpeg, decodeWithFfmpeg, type FfmpegPictureOptions } from "./ffmpegPicture.js";
import { type HeifFacts, readHeif } from "./heif.js";
import type { Picture, RgbImage } from "../picture.js";
import { wrapInTiff } from "./tiff.js";
import { srgbFilters } from "../colour/toSrgb.js";
import { toUpright } from "./upright.js";

const REMEDY =
  "Single pictures need ffmpeg 7 or later and the tiled ones of phones a still newer one (8 or later). Or " +
  "convert it first: heif-convert photo.heic photo.png (package libheif-examples), or export it as JPEG.";

const undecodable = (name: string, reason: string, version: string): TonescoreError =>
  expected("a HEIC picture that this ffmpeg decodes", {
    code: "ERR_IMAGE_DECODE",
    but: `${name} is none: ${reason} (${version})`,
    remedy: REMEDY,
  });

export interface HeicFile {
  readonly source: string | Uint8Array;
  readonly bytes: Uint8Array;
  readonly name: string;
}

/** What the numbers mean where no profile says it. */
async function colourOf(
  { source }: HeicFile,
  facts: HeifFacts,
  options: FfmpegPictureOptions,
): Promise<Colour | undefined> {
  if (facts.profiled) return undefined;
  const colour = facts.colour ?? (await colourByFfmpeg(source, options));
  return needsLinearLight(colour) ? colour : undefined;
}

/**
 * Decodes HEIC, whose codec sharp's binaries leave out for its patents, with ffmpeg. No stream is named: new
 * versions then put the tiles of a picture together. Old ones give a tile as if it were the whole, which the
 * size in the file's header, read by libheif, finds out. Some versions turn pictures and others do not: they are
 * told not to.
 */
export async function decodeHeic(
  file: HeicFile,
  meta: Metadata,
  options: FfmpegPictureOptions,
): Promise<Picture> {
  const { source, bytes, name } = file;
  const facts = readHeif(bytes);
  const { width, height } = facts.turns % 2 === 0 ? meta : { width: meta.height, height: meta.width };
  const colour = await colourOf(file, facts, options);
  const filters = colour && srgbFilters(colour, { width, height });
  const input = { ...options, maxPixels: width * height, ...(filters !== undefined && { filters }) };
  const { image, complaints, version } = await decodeWithFfmpeg(source, input);
  if (!image) throw undecodable(name, complaints.join("; ") || "it gives no picture", version);
  if (image.width !== width || image.height !== height) {
    const reason = `it gives a part of ${image.width}×${image.height}, and the picture is ${width}×${height}`;
    throw undecodable(name, reason, version);
  }
  const { turns, mirrored } = facts;
  const upright = await toUpright(image, { quarters: (4 - (turns % 4)) % 4, mirrored });
  const treatment = [
    ...(upright === image ? [] : ["orientation"]),
    ...(colour ? colourTreatment(colour) : []),
    ...(meta.icc ? ["icc→srgb"] : []),
  ];
  return { ...(meta.icc ? await toSrgb(upright, meta.icc) : upright), treatment };
}

/** Phones write Display P3. */
async function toSrgb(image: RgbImage, profile: Uint8Array): Promise<RgbImage> {
  const tagged = sharp(wrapInTiff(image, profile), { limitInputPixels: false });
  return { ...image, data: await tagged.toColourspace("srgb").raw({ depth: "uchar" }).toBuffer() };
}
