import { openVideo } from "../../media/video/openVideo.js";
import type { VideoResult } from "../../results/result.js";
import type { Html } from "../page/html.js";
import { fileToShow, type PictureSource } from "./pictureSource.js";
import { absent, rgbThumbnail } from "./thumbnail.js";

type FrameTime = VideoResult["frames"][number]["time"];

/** Frame times in results are rounded; half of this lies before the frame and after the one before it. */
const SLACK = 1e-3;

/** Small copies of a video's frames at some times, in the order of time; ffmpeg is let go after the last. */
export async function frameThumbnails(
  path: string | undefined,
  times: readonly FrameTime[],
  options: PictureSource & { readonly size: number },
): Promise<ReadonlyMap<FrameTime, Html>> {
  const found = new Map<FrameTime, Html>();
  if (path === undefined || path === "-" || times.length === 0) return found;
  const source = await fileToShow(path, options);
  if ("absent" in source) return found;
  const moments = times.map((time) => time - SLACK / 2);
  try {
    const video = openVideo(source.file, { moments, maxFrames: times.length, ffmpeg: options.ffmpeg });
    for await (const frame of video) {
      const time = times.find((wanted) => Math.abs(wanted - frame.time) < SLACK);
      if (time !== undefined) found.set(time, await rgbThumbnail(frame, options.size));
    }
  } catch {
    // Gone, changed, or without an ffmpeg: what is not found is shown as absent.
  }
  return found;
}

export const frameAt = (frames: ReadonlyMap<FrameTime, Html>, time: FrameTime): Html =>
  frames.get(time) ?? absent("no frame");
