import { throwIfAborted } from "../../util/abort.js";
import type { Ffmpeg } from "../ffmpeg/findFfmpeg.js";
import { type DecodedFrame, decodeFrames, type DecodingOptions } from "./decodeFrames.js";
import type { StreamInfo } from "./probe.js";
import type { Schedule } from "./schedule.js";
import { SkimmedVideo } from "./skimmedVideo.js";
import type { VideoInput } from "./videoInput.js";

/** Gives the frames of a skimmed video as long as each is the next wanted one, and returns whether all were. */
async function* skim(
  ffmpeg: Ffmpeg,
  video: SkimmedVideo,
  schedule: Schedule,
  options: DecodingOptions,
): AsyncGenerator<DecodedFrame, boolean, undefined> {
  const warnings: string[] = [];
  try {
    for await (const frame of decodeFrames(ffmpeg, video, video.info, schedule, warnings, options)) {
      if (!video.expects(frame.time)) {
        frame.image.release();
        return false;
      }
      yield frame;
    }
  } catch {
    throwIfAborted(options.signal);
    return false;
  } finally {
    await video.close();
  }
  return video.isComplete && warnings.length === 0;
}

/**
 * The frames that the schedule's expression lets through. Where the packets tell which of them those are made of, no
 * others are decoded. As soon as anything is not as they told, everything is decoded from the start, and what was given
 * already is passed over.
 */
export async function* chosenFrames(
  ffmpeg: Ffmpeg,
  input: VideoInput,
  info: StreamInfo,
  schedule: Schedule,
  warnings: string[],
  options: DecodingOptions,
): AsyncGenerator<DecodedFrame, void, undefined> {
  const video = SkimmedVideo.open(ffmpeg, input, info, schedule, options.signal);
  if (video && (yield* skim(ffmpeg, video, schedule, options))) return;
  for await (const frame of decodeFrames(ffmpeg, input, info, schedule, warnings, options)) {
    if (video && frame.time <= video.last) frame.image.release();
    else yield frame;
  }
}
