import type { Readable } from "node:stream";
import { throwIfAborted } from "../../util/abort.js";
import type { Ffmpeg } from "./findFfmpeg.js";
import { type Exit, FfmpegProcess, type RunOptions } from "./ffmpegProcess.js";
import type { VideoInput } from "../video/videoInput.js";

export interface Outcome<T> {
  readonly value: T;
  readonly complaints: readonly string[];
  readonly exit: Exit;
}

/** Runs ffmpeg over an input to its end, for what `read` makes of its pipes. What a stream gives is kept. */
export async function runFfmpeg<T>(
  ffmpeg: Ffmpeg,
  input: VideoInput,
  args: readonly string[],
  options: RunOptions,
  read: (process: FfmpegProcess) => Promise<T>,
): Promise<Outcome<T>> {
  const process = new FfmpegProcess(ffmpeg, args, options);
  const feeding = input.feed(process, { keep: true });
  // A source that fails ends ffmpeg's input; the failure itself surfaces where `feeding` is awaited.
  feeding.catch(() => process.stdin.end());
  try {
    const value = await read(process);
    const exit = await process.exit;
    throwIfAborted(options.signal);
    await feeding;
    return { value, complaints: process.complaints, exit };
  } finally {
    await process.stop();
  }
}

/** Reads a pipe to its end and gives the first `most` bytes or a little more. */
export async function readHead(pipe: Readable | undefined, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (pipe ?? []) as AsyncIterable<Uint8Array>) {
    if (size < most) chunks.push(chunk);
    size += chunk.length;
  }
  return Buffer.concat(chunks);
}
