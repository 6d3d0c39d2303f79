import { readFile } from "node:fs/promises";
import sharp, { type Sharp } from "sharp";
import { encodeWithFfmpeg } from "./ffmpeg.js";
import type { Seed } from "./seed.js";

const fixture = (path: string): URL => new URL(`../../${path}`, import.meta.url);

const FROM_SHARP: readonly [name: string, extension: string, make: (picture: Sharp) => Sharp][] = [
  ["JPEG, baseline", "jpg", (picture) => picture.jpeg()],
  ["JPEG, progressive", "jpg", (picture) => picture.jpeg({ progressive: true })],
  ["JPEG, CMYK", "jpg", (picture) => picture.toColourspace("cmyk").jpeg()],
  ["JPEG, grey", "jpg", (picture) => picture.greyscale().jpeg()],
  ["JPEG, Exif and ICC", "jpg", (picture) => picture.withMetadata({ orientation: 6, icc: "p3" }).jpeg()],
  ["PNG, 8 bit", "png", (picture) => picture.png()],
  ["PNG, 16 bit", "png", (picture) => picture.toColourspace("rgb16").png()],
  ["PNG, palette", "png", (picture) => picture.png({ palette: true, colours: 16 })],
  ["PNG, interlaced, alpha", "png", (picture) => picture.ensureAlpha(0.5).png({ progressive: true })],
  ["PNG, ICC", "png", (picture) => picture.withIccProfile("p3").png()],
  ["WebP, lossy", "webp", (picture) => picture.webp()],
  ["WebP, lossless", "webp", (picture) => picture.ensureAlpha(0.5).webp({ lossless: true })],
  ["AVIF", "avif", (picture) => picture.avif({ effort: 0 })],
  ["AVIF, 10 bit", "avif", (picture) => picture.avif({ effort: 0, bitdepth: 10 })],
  ["TIFF, strips", "tif", (picture) => picture.tiff({ compression: "none" })],
  ["TIFF, LZW", "tif", (picture) => picture.tiff({ compression: "lzw", predictor: "horizontal" })],
  ["TIFF, tiles", "tif", (picture) => picture.tiff({ tile: true, tileWidth: 16, tileHeight: 16 })],
  ["TIFF, JPEG inside", "tif", (picture) => picture.tiff({ compression: "jpeg" })],
  ["TIFF, big, deflate", "tif", (picture) => picture.tiff({ compression: "deflate", bigtiff: true })],
  ["GIF", "gif", (picture) => picture.gif()],
];

const FROM_FFMPEG: readonly [name: string, extension: string, frames: number, ...args: string[]][] = [
  ["APNG", "png", 3, "-f", "apng"],
  ["GIF, animated", "gif", 3],
  ["WebP, animated", "webp", 3, "-c:v", "libwebp_anim"],
  ["AVIF, animated", "avif", 3, "-c:v", "libaom-av1", "-cpu-used", "8"],
  ["BMP", "bmp", 1],
  ["BMP, palette", "bmp", 1, "-pix_fmt", "pal8"],
];

/** Small pictures of every format that is read. */
export async function pictureSeeds(): Promise<Seed[]> {
  const photo = await sharp(await readFile(fixture("../examples/burger.jpg")))
    .resize(96, 64)
    .png()
    .toBuffer();
  const fromSharp = FROM_SHARP.map(async ([name, extension, make]) => ({
    name,
    extension,
    bytes: await make(sharp(photo)).toBuffer(),
  }));
  const fromFfmpeg = FROM_FFMPEG.map(async ([name, extension, frames, ...args]) => ({
    name,
    extension,
    bytes: await encodeWithFfmpeg(extension, args, { frames }),
  }));
  const heic = {
    name: "HEIC",
    extension: "heic",
    bytes: await readFile(fixture("fixtures/media/quarters.heic")),
  };
  return [...(await Promise.all([...fromSharp, ...fromFfmpeg])), heic];
}
