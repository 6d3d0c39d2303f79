import type { Sharp } from "sharp";
import { sharp } from "../../media/image/sharp.js";
import { decodeImage } from "../../media/image/decodeImage.js";
import type { RgbImage } from "../../media/picture.js";
import { type Html, markup } from "../page/html.js";
import { fileToShow, type PictureSource } from "./pictureSource.js";

/** Wide enough for a tile on a screen of high density; some 5 kB as WebP. */
const TILE = 280;

const PAGE = { r: 255, g: 255, b: 255 };

export interface ThumbnailOptions extends PictureSource {
  /** Of the longer side, in pixels. */
  readonly size?: number;
}

/** A small copy of a picture file, or a word in its place: a report outlives the pictures that it is about. */
export async function thumbnail(path: string | undefined, options: ThumbnailOptions = {}): Promise<Html> {
  if (path === undefined) return absent("in memory");
  const { size = TILE, ffmpeg } = options;
  return orAbsent(path, options, async (file) => {
    try {
      return await embed(shrink(sharp(file, { autoOrient: true }), size));
    } catch {
      // The slow way, which knows HEIC and BMP, and why there is no picture.
      return rgbThumbnail(await decodeImage(file, { ffmpeg }), size);
    }
  });
}

async function orAbsent(
  path: string,
  source: PictureSource,
  show: (file: string) => Promise<Html>,
): Promise<Html> {
  const found = await fileToShow(path, source);
  if ("absent" in found) return absent(found.absent);
  return show(found.file).catch(() => absent("cannot be decoded here"));
}

export function rgbThumbnail({ data, width, height }: RgbImage, size = TILE): Promise<Html> {
  return embed(shrink(sharp(data, { raw: { width, height, channels: 3 } }), size));
}

/** The middle of a picture, pixel for pixel, where compression shows. */
export function crop(path: string, size: number, source: PictureSource = {}): Promise<Html> {
  return orAbsent(path, source, async (file) => {
    const { data, width, height } = await decodeImage(file, { ffmpeg: source.ffmpeg });
    const part = { width: Math.min(size, width), height: Math.min(size, height) };
    const left = Math.floor((width - part.width) / 2);
    const top = Math.floor((height - part.height) / 2);
    const whole = sharp(data, { raw: { width, height, channels: 3 } });
    return embed(whole.extract({ left, top, ...part }), 90);
  });
}

export const absent = (why: string): Html => markup`<span class="absent">${why}</span>`;

const shrink = (image: Sharp, size: number): Sharp =>
  image
    .resize(size, size, { fit: "inside", withoutEnlargement: true })
    .flatten({ background: PAGE })
    .toColourspace("srgb");

async function embed(image: Sharp, quality = 72): Promise<Html> {
  const webp = await image.webp({ quality, effort: 2 }).toBuffer();
  const source = `data:image/webp;base64,${webp.toString("base64")}`;
  return markup`<img loading="lazy" decoding="async" alt="" src="${source}" />`;
}
