import type { Readable } from "node:stream";
import { throwIfAborted } from "../abort.js";
import { decodeFrames } from "./decode-frames.js";
import { type Ffmpeg, findFfmpeg } from "./ffmpeg.js";
import { filterGraph, treatmentOf } from "./filters.js";
import type { Frame, RgbImage, Treatment } from "./picture.js";
import { probeVideo } from "./probe.js";
import { atMoments, everyNth, everyPeriod, middlesOfParts, type Schedule } from "./schedule.js";
import type { ShownFrame } from "./showinfo.js";
import { readTimeline } from "./timeline.js";
import { openInput, type VideoInput } from "./video-input.js";
import { checkVideoOptions, type VideoOptions } from "./video-options.js";

/** A video being read. It can be iterated once; leaving the loop early ends ffmpeg. */
export interface Video extends AsyncIterable<Frame> {
  /** After the last frame: what was wrong with a clip of which some frames decoded all the same. */
  readonly warnings: readonly string[];
}

/** Opens a video file, or a stream such as stdin, when the iteration begins. */
export function openVideo(source: string | Readable, options: VideoOptions = {}): Video {
  checkVideoOptions(options);
  const warnings: string[] = [];
  return { warnings, [Symbol.asyncIterator]: () => readFrames(source, options, warnings) };
}

async function* readFrames(
  source: string | Readable,
  options: VideoOptions,
  warnings: string[],
): AsyncGenerator<Frame, void, undefined> {
  const { signal, maxFrames = Infinity } = options;
  throwIfAborted(signal);
  const input = await openInput(source);
  try {
    const ffmpeg = await findFfmpeg(options.ffmpeg);
    const info = await probeVideo(ffmpeg, input, signal);
    const schedule = await chooseFrames(ffmpeg, input, options);
    const shared = treatmentOf(info);
    let index = 0;
    for await (const { image, shown } of decodeFrames(
      ffmpeg,
      input,
      filterGraph(info, schedule.select),
      warnings,
      signal,
    )) {
      if (!schedule.wants(shown.time)) continue;
      yield { ...image, time: shown.time, index, treatment: treatmentOfFrame(shared, shown, image) };
      if (++index >= maxFrames) return;
    }
  } finally {
    input.close();
  }
}

async function chooseFrames(ffmpeg: Ffmpeg, input: VideoInput, options: VideoOptions): Promise<Schedule> {
  if (options.moments !== undefined) return atMoments(options.moments);
  if (options.every !== undefined) return everyNth(options.every);
  if (options.frames === undefined) return everyPeriod(options.fps ?? 1);
  return atMoments(middlesOfParts(await readTimeline(ffmpeg, input, options.signal), options.frames));
}

/** The size that the filters give a frame, unless ffmpeg then brings it back to the first frame's size. */
const squareSize = ({ width, height, pixelAspect }: ShownFrame): string =>
  `${Math.round(width * Math.max(1, pixelAspect))}x${Math.round(height / Math.min(1, pixelAspect))}`;

function treatmentOfFrame(shared: Treatment, shown: ShownFrame, { width, height }: RgbImage): Treatment {
  const size = `${width}x${height}`;
  const resized = squareSize(shown) !== size;
  return [
    ...shared,
    ...(shown.pixelAspect === 1 ? [] : ["square-pixels"]),
    ...(resized ? [`resized ${squareSize(shown)}→${size}`] : []),
  ];
}
