import type { Metadata } from "sharp";
import { sharp } from "./sharp.js";
import { TonescoreError } from "../../errors.js";
import { type Colour, colourTreatment, NO_COLOUR, needsLinearLight } from "../colour/colour.js";
import type { Picture, RgbImage, Size } from "../picture.js";
import { colourByFfmpeg, type FfmpegPictureOptions } from "./ffmpegPicture.js";
import type { InstalledPackage } from "../../util/installedPackage.js";
import { heicByFfmpeg } from "./heicByFfmpeg.js";
import { heicByLibheif } from "./heicByLibheif.js";
import type { HeicFile, HeicTask } from "./heicTask.js";
import { type HeifFacts, readHeif } from "./heif.js";
import { wrapInTiff } from "./tiff.js";
import { toUpright } from "./upright.js";

/** What the numbers mean where no profile says it. What is said in HEVC's own header alone needs an ffmpeg. */
async function colourOf(
  { source }: HeicFile,
  facts: HeifFacts,
  options: FfmpegPictureOptions,
): Promise<Colour | undefined> {
  if (facts.profiled) return undefined;
  const stated = facts.colour ?? (await colourByFfmpeg(source, options).catch(withoutFfmpeg));
  return needsLinearLight(stated) ? stated : undefined;
}

function withoutFfmpeg(error: unknown): Colour {
  if (error instanceof TonescoreError && error.code === "ERR_FFMPEG_NOT_FOUND") return NO_COLOUR;
  throw error;
}

/**
 * Decodes HEIC, whose codec sharp's binaries leave out for its patents, with ffmpeg or, where it is installed, with
 * libheif-js.
 */
export async function decodeHeic(
  file: HeicFile,
  meta: Metadata,
  options: FfmpegPictureOptions,
  libheif: InstalledPackage | undefined,
): Promise<Picture> {
  const facts = readHeif(file.bytes);
  const { width, height } = meta;
  const colour = await colourOf(file, facts, options);
  const decoded = libheif
    ? await heicByLibheif({ file, size: { width, height }, colour, deep: isDeep(meta) }, libheif)
    : await uprightByFfmpeg({ file, size: asStored(meta, facts), colour }, facts, options);
  const treatment = [
    ...(isTurned(facts) ? ["orientation"] : []),
    ...(colour ? colourTreatment(colour) : []),
    ...(meta.icc ? ["icc→srgb"] : []),
    ...(libheif && meta.hasAlpha ? ["alpha-flattened"] : []),
  ];
  return { ...(meta.icc ? await toSrgb(decoded, meta.icc) : decoded), treatment };
}

const isDeep = ({ bitsPerSample = 8, hasAlpha }: Metadata): boolean => bitsPerSample > 8 && !hasAlpha;

const isTurned = ({ turns, mirrored }: HeifFacts): boolean => turns % 4 !== 0 || mirrored !== undefined;

const asStored = ({ width, height }: Metadata, { turns }: HeifFacts): Size =>
  turns % 2 === 0 ? { width, height } : { width: height, height: width };

/** Some versions turn pictures and others do not: they are told not to. */
async function uprightByFfmpeg(
  task: HeicTask,
  { turns, mirrored }: HeifFacts,
  options: FfmpegPictureOptions,
): Promise<RgbImage> {
  const image = await heicByFfmpeg(task, options);
  return toUpright(image, { quarters: (4 - (turns % 4)) % 4, mirrored });
}

/** Phones write Display P3. */
async function toSrgb(image: RgbImage, profile: Uint8Array): Promise<RgbImage> {
  const tagged = sharp(wrapInTiff(image, profile), { limitInputPixels: false });
  return { ...image, data: await tagged.toColourspace("srgb").raw({ depth: "uchar" }).toBuffer() };
}
