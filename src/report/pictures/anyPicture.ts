import { kindOfExtension } from "../../media/inputs/extensions.js";
import { frameAt, frameThumbnails } from "./frames.js";
import type { Html } from "../page/html.js";
import type { PictureSource } from "./pictureSource.js";
import { absent, crop, thumbnail } from "./thumbnail.js";

const TILE = 280;
const CROP = 320;

const isVideo = (path: string): boolean => kindOfExtension(path) === "video";

/** A small copy of a picture, or of a video's first frame. */
export async function smallPicture(path: string, source: PictureSource): Promise<Html> {
  return isVideo(path) ? firstFrame(path, TILE, source) : thumbnail(path, source);
}

/** The middle of a picture, pixel for pixel, where compression shows; of a video the whole first frame. */
export async function closeUp(path: string | undefined, source: PictureSource): Promise<Html> {
  if (path === undefined) return absent("in memory");
  return isVideo(path) ? firstFrame(path, CROP, source) : crop(path, CROP, source);
}

const firstFrame = async (path: string, size: number, source: PictureSource): Promise<Html> =>
  frameAt(await frameThumbnails(path, [0], { ...source, size }), 0);
