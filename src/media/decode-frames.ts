import { throwIfAborted } from "../abort.js";
import type { Ffmpeg } from "./ffmpeg.js";
import { FfmpegProcess, FRAMES_OUT, inputArguments } from "./ffmpeg-process.js";
import { Mailbox } from "./mailbox.js";
import type { RgbImage } from "./picture.js";
import { readPpm } from "./ppm.js";
import { FIRST_VIDEO } from "./probe.js";
import { ShowinfoReader, type ShownFrame } from "./showinfo.js";
import { videoError } from "./video-error.js";
import type { VideoInput } from "./video-input.js";

export interface DecodedFrame {
  readonly image: RgbImage;
  /** The frame as it was before the filters that follow showinfo. */
  readonly shown: ShownFrame;
}

/**
 * Runs a video through a filter graph and gives what comes out, as it comes: ffmpeg waits while the consumer
 * does. Pictures arrive on stdout and what showinfo says of them in the log, one for one. Damage that still
 * let frames through goes to `warnings`.
 */
export async function* decodeFrames(
  ffmpeg: Ffmpeg,
  input: VideoInput,
  graph: string,
  warnings: string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<DecodedFrame, void, undefined> {
  const reports = new Mailbox<ShownFrame>();
  const showinfo = new ShowinfoReader((frame) => {
    reports.put(frame);
  });
  const filters = [...FIRST_VIDEO, "-vf", graph, ...ffmpeg.eachFrameOnce];
  const args = [...inputArguments(input.url), ...filters, ...FRAMES_OUT];
  const process = new FfmpegProcess(ffmpeg, args, { onLine: showinfo.read, signal });
  void process.exit.then(() => {
    reports.close();
  });
  const feeding = input.feed(process, { keep: false });
  // A source that fails ends ffmpeg's input; the failure itself surfaces where `feeding` is awaited.
  feeding.catch(() => process.stdin.end());
  let count = 0;
  try {
    for await (const image of readPpm(process.stdout)) {
      const shown = await reports.take();
      throwIfAborted(signal);
      if (!shown) break;
      count++;
      yield { image, shown };
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
