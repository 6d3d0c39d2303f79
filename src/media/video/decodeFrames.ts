import { throwIfAborted } from "../../util/abort.js";
import type { Ffmpeg } from "../ffmpeg/findFfmpeg.js";
import { FfmpegProcess, FRAMES_OUT } from "../ffmpeg/ffmpegProcess.js";
import { filterGraph } from "./filters.js";
import { seconds } from "../ffmpeg/framecrc.js";
import type { Held, Reserve, RgbImage, Size } from "../picture.js";
import { readPpm } from "../ffmpeg/ppm.js";
import { ReadAhead } from "../ffmpeg/readAhead.js";
import { Rows } from "../ffmpeg/rows.js";
import type { StreamInfo } from "./probe.js";
import type { Schedule } from "./schedule.js";
import { videoError } from "./videoError.js";
import type { VideoInput } from "./videoInput.js";

export interface DecodedFrame {
  readonly image: Held<RgbImage>;
  /** Seconds from the start of the clip. */
  readonly time: number;
  /** The size that it came with, made square-pixelled: another than the picture's where that changes midway. */
  readonly came: Size;
}

export interface DecodingOptions {
  readonly signal?: AbortSignal | undefined;
  readonly reserve?: Reserve | undefined;
}

/** Pictures that ffmpeg's filters may have written before the measures of the present one. */
const MOST_AHEAD = 4;

function outputs(ffmpeg: Ffmpeg, { timeBase }: StreamInfo): string[] {
  const ticks = ["-enc_time_base", `${timeBase.numerator}/${timeBase.denominator}`];
  const measured = [
    ...ffmpeg.eachFrameOnce,
    ...ffmpeg.eachFramesSize,
    ...ticks,
    "-f",
    "framecrc",
    "-flush_packets",
    "1",
  ];
  // A picture waits until it is read, so its measures should come first. Mostly they do: see ReadAhead.
  return [
    ...["-map", "[widths]", ...measured, "pipe:3"],
    ...["-map", "[heights]", ...measured, "pipe:4"],
    ...["-map", "[pictures]", ...ffmpeg.eachFrameOnce, ...FRAMES_OUT],
  ];
}

/**
 * Runs a video through its filters and gives the frames that `select` lets through, as they come: ffmpeg waits
 * while the consumer does. Pictures arrive on stdout and their times and measures on pipes beside it, one for
 * one. Damage that still let frames through goes to `warnings`.
 */
export async function* decodeFrames(
  ffmpeg: Ffmpeg,
  input: VideoInput,
  info: StreamInfo,
  { select }: Schedule,
  warnings: string[],
  { signal, reserve }: DecodingOptions,
): AsyncGenerator<DecodedFrame, void, undefined> {
  const graph = ["-filter_complex", filterGraph(info, select(seconds(info.origin, info.timeBase)))];
  const args = [...info.decoding, ...input.arguments, ...graph, ...outputs(ffmpeg, info)];
  const process = new FfmpegProcess(ffmpeg, args, { signal, pipes: 2 });
  const [widths, heights] = process.pipes.map((pipe) => new Rows(pipe));
  const feeding = input.feed(process, { keep: false });
  // A source that fails ends ffmpeg's input; the failure itself surfaces where `feeding` is awaited.
  feeding.catch(() => process.stdin.end());
  const pixels = info.size.width * info.size.height;
  const pictures = new ReadAhead(process.stdout, MOST_AHEAD * 3 * pixels);
  let count = 0;
  try {
    for await (const image of readPpm(pictures, pixels, reserve)) {
      const [width, height] = await pictures.during(Promise.all([widths?.take(), heights?.take()]));
      if (signal?.aborted || !width || !height) image.release();
      throwIfAborted(signal);
      if (!width || !height) break;
      const { timeBase = info.timeBase } = widths?.framecrc.streams[0] ?? {};
      count++;
      yield {
        image,
        time: seconds((width.pts ?? 0) - info.origin, timeBase),
        came: { width: width.size, height: height.size },
      };
    }
    const exit = await process.exit;
    throwIfAborted(signal);
    await feeding;
    if (count === 0) throw videoError(input, process.complaints, exit);
    const said =
      process.complaints.join("; ") ||
      (exit.code === 0 ? "" : `ffmpeg ended with ${exit.signal ?? exit.code ?? ""}`);
    if (said)
      warnings.push(
        `${input.name} is damaged or cut short; the ${count} frames that decode were taken (${said})`,
      );
  } finally {
    await process.stop();
  }
}
