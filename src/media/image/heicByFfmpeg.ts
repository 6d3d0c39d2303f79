import { TonescoreError } from "../../errors.js";
import { expected } from "../../util/expected.js";
import { srgbFilters } from "../colour/toSrgb.js";
import type { RgbImage } from "../picture.js";
import { decodeWithFfmpeg, type FfmpegPicture, type FfmpegPictureOptions } from "./ffmpegPicture.js";
import type { HeicTask } from "./heicTask.js";

/** What gives a HEIC decoder, or does without one. */
const REMEDY =
  "Install libheif-js beside tonescore: npm install libheif-js (with -g where tonescore was installed with -g). Or " +
  "take an ffmpeg that decodes it: single pictures need version 7 or later, and the tiled ones of phones 8 or later. " +
  "Or export it as JPEG.";

const undecodable = (name: string, reason: string, version: string): TonescoreError =>
  expected("a HEIC picture that this ffmpeg decodes", {
    code: "ERR_IMAGE_DECODE",
    but: `${name} is none: ${reason} (${version})`,
    remedy: REMEDY,
  });

/** No stream is named: new versions then put the tiles of a picture together. */
async function run({ file, size, colour }: HeicTask, options: FfmpegPictureOptions): Promise<FfmpegPicture> {
  const filters = colour && srgbFilters(colour, size);
  const maxPixels = size.width * size.height;
  const input = { ...options, maxPixels, ...(filters !== undefined && { filters }) };
  try {
    return await decodeWithFfmpeg(file.source, input);
  } catch (error) {
    if (!(error instanceof TonescoreError) || error.code !== "ERR_FFMPEG_NOT_FOUND") throw error;
    throw expected("a decoder for HEIC", {
      code: "ERR_FFMPEG_NOT_FOUND",
      but: `${file.name} is HEIC, and neither libheif-js nor an ffmpeg was found`,
      remedy: REMEDY,
      cause: error,
    });
  }
}

/**
 * A HEIC picture as it is stored, by ffmpeg. Old versions give a tile as if it were the whole, which the size in the
 * file's header finds out.
 * @throws {TonescoreError} `ERR_IMAGE_DECODE`, `ERR_FFMPEG_NOT_FOUND`
 */
export async function heicByFfmpeg(task: HeicTask, options: FfmpegPictureOptions): Promise<RgbImage> {
  const { width, height } = task.size;
  const { name } = task.file;
  const { image, complaints, version } = await run(task, options);
  if (!image) throw undecodable(name, complaints.join("; ") || "it gives no picture", version);
  if (image.width === width && image.height === height) return image;
  const reason = `it gives a part of ${image.width}×${image.height}, and the picture is ${width}×${height}`;
  throw undecodable(name, reason, version);
}
