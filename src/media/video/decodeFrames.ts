import type { Readable } from "node:stream";
import { throwIfAborted } from "../../util/abort.js";
import type { Ffmpeg } from "../ffmpeg/findFfmpeg.js";
import { FfmpegProcess, FRAMES_OUT } from "../ffmpeg/ffmpegProcess.js";
import { filterGraph } from "./filters.js";
import { Framecrc, type FramecrcRow, seconds } from "../ffmpeg/framecrc.js";
import { Mailbox } from "../ffmpeg/mailbox.js";
import type { Held, Reserve, RgbImage, Size } from "../picture.js";
import { readPpm } from "../ffmpeg/ppm.js";
import { ReadAhead } from "../ffmpeg/readAhead.js";
import type { StreamInfo } from "./probe.js";
import { videoError } from "./videoError.js";
import type { VideoInput } from "./videoInput.js";

export interface DecodedFrame {
  readonly image: Held<RgbImage>;
  /** Seconds from the start of the clip. */
  readonly time: number;
  /** The size that it came with, made square-pixelled: another than the picture's where that changes midway. */
  readonly came: Size;
}

/** Pictures that ffmpeg's filters may have written before the measures of the present one. */
const MOST_AHEAD = 4;

/** The rows of a pipe of framecrc, for one reader to take one by one. */
class Rows {
  readonly framecrc = new Framecrc();
  readonly #rows = new Mailbox<FramecrcRow>();

  constructor(pipe: Readable) {
    this.#read(pipe)
      .finally(() => {
        this.#rows.close();
      })
      .catch(() => undefined);
  }

  async #read(pipe: Readable): Promise<void> {
    for await (const row of this.framecrc.rows(pipe)) this.#rows.put(row);
  }

  take(): Promise<FramecrcRow | undefined> {
    return this.#rows.take();
  }
}

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
  select: string,
  warnings: string[],
  { signal, reserve }: { readonly signal?: AbortSignal | undefined; readonly reserve?: Reserve | undefined },
): AsyncGenerator<DecodedFrame, void, undefined> {
  const graph = ["-filter_complex", filterGraph(info, select)];
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
