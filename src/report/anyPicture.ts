import { kindOfExtension } from "../media/extensions.js";
import { frameAt, frameThumbnails } from "./frames.js";
import type { Html } from "./html.js";
import { absent, crop, thumbnail } from "./thumbnail.js";

const TILE = 280;
const CROP = 320;

const isVideo = (path: string): boolean => kindOfExtension(path) === "video";

/** A small copy of a picture, or of a video's first frame. */
export async function smallPicture(path: string, ffmpeg: string | undefined): Promise<Html> {
  return isVideo(path) ? firstFrame(path, TILE, ffmpeg) : thumbnail(path, { ffmpeg });
}

/** The middle of a picture, pixel for pixel, where compression shows; of a video the whole first frame. */
export async function closeUp(path: string | undefined, ffmpeg: string | undefined): Promise<Html> {
  if (path === undefined) return absent("in memory");
  return isVideo(path) ? firstFrame(path, CROP, ffmpeg) : crop(path, CROP, ffmpeg);
}

const firstFrame = async (path: string, size: number, ffmpeg: string | undefined): Promise<Html> =>
  frameAt(await frameThumbnails(path, [0], { size, ffmpeg }), 0);
