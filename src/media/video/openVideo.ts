import type { Readable } from "node:stream";
import { throwIfAborted } from "../../util/abort.js";
import { chosenFrames } from "./chosenFrames.js";
import type { DecodedFrame } from "./decodeFrames.js";
import { type Ffmpeg, findFfmpeg } from "../ffmpeg/findFfmpeg.js";
import { treatmentOf } from "./filters.js";
import { MAX_PIXELS } from "../maxPixels.js";
import type { Frame, Treatment } from "../picture.js";
import { probeVideo, type StreamInfo } from "./probe.js";
import {
  atMoments,
  atNumbers,
  everyNth,
  everyPeriod,
  middleNumbers,
  middlesOfParts,
  type Schedule,
} from "./schedule.js";
import { readTimeline } from "./timeline.js";
import { noneDecodes } from "./videoError.js";
import { openInput, type VideoInput } from "./videoInput.js";
import type { OpenVideoOptions } from "./openVideoOptions.js";

/** A video being read. It can be iterated once; leaving the loop early ends ffmpeg. */
export interface Video extends AsyncIterable<Frame> {
  /** After the last frame: what was wrong with a clip of which some frames decoded all the same. */
  readonly warnings: readonly string[];
  /** After the last frame: whether it is damaged or was cut short. */
  readonly damaged: boolean;
}

/** Opens a video file, or a stream such as stdin, when the iteration begins. */
export function openVideo(source: string | Readable, options: OpenVideoOptions = {}): Video {
  const video = { warnings: [], damaged: false };
  return Object.assign(video, { [Symbol.asyncIterator]: () => readFrames(source, options, video) });
}

interface Findings {
  readonly warnings: string[];
  damaged: boolean;
}

async function* readFrames(
  source: string | Readable,
  options: OpenVideoOptions,
  found: Findings,
): AsyncGenerator<Frame, void, undefined> {
  const { warnings } = found;
  const { signal, reserve, maxFrames = Infinity, maxPixels = MAX_PIXELS } = options;
  throwIfAborted(signal);
  const input = await openInput(source);
  try {
    const ffmpeg = await findFfmpeg(options.ffmpeg);
    const info = await probeVideo(ffmpeg, input, { maxPixels, signal });
    warnings.push(...info.warnings);
    const schedule = await chooseFrames(ffmpeg, input, info, options);
    const shared = treatmentOf(info);
    const known = warnings.length;
    let index = 0;
    for await (const frame of chosenFrames(ffmpeg, input, info, schedule, warnings, { signal, reserve })) {
      const { image, time } = frame;
      if (!schedule.wants(time)) {
        image.release();
        continue;
      }
      yield { ...image, time, index, treatment: [...shared, ...treatmentOfFrame(info, frame)] };
      if (++index >= maxFrames) return;
    }
    found.damaged = warnings.length > known;
    throwIfAborted(signal);
    if (index === 0) throw noneDecodes(input);
  } finally {
    await input.close();
  }
}

async function chooseFrames(
  ffmpeg: Ffmpeg,
  input: VideoInput,
  info: StreamInfo,
  { fps = 1, frames, every, moments, signal }: OpenVideoOptions,
): Promise<Schedule> {
  if (moments !== undefined) return atMoments(moments);
  if (every !== undefined) return everyNth(every);
  if (frames === undefined) return everyPeriod(fps);
  const timeline = await readTimeline(ffmpeg, input, info, signal);
  return "count" in timeline
    ? atNumbers(middleNumbers(timeline.count, frames))
    : atMoments(middlesOfParts(timeline.packets, frames));
}

/** Pixels become square, and a frame of another size than the first is brought to that. */
function treatmentOfFrame({ stored, size }: StreamInfo, { came }: DecodedFrame): Treatment {
  const resized = came.width !== size.width || came.height !== size.height;
  return [
    ...(stored.width === size.width && stored.height === size.height ? [] : ["square-pixels"]),
    ...(resized ? [`resized ${came.width}x${came.height}→${size.width}x${size.height}`] : []),
  ];
}
