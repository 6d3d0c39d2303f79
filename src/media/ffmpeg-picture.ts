import { resolve } from "node:path";
import { throwIfAborted } from "../abort.js";
import { findFfmpeg } from "./ffmpeg.js";
import type { LogLine } from "./ffmpeg-log.js";
import { FfmpegProcess, FRAMES_OUT, inputArguments } from "./ffmpeg-process.js";
import type { RgbImage } from "./picture.js";
import { readPpm } from "./ppm.js";

export interface FfmpegPictureOptions {
  readonly ffmpeg?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface FfmpegPicture {
  /** Absent where ffmpeg gives none. */
  readonly image: RgbImage | undefined;
  readonly log: readonly LogLine[];
  readonly complaints: readonly string[];
  readonly version: string;
}

/**
 * The first picture that ffmpeg finds in a file or in memory, read as `format` where one is named.
 * @throws {TonescoreError} `ERR_FFMPEG_NOT_FOUND`
 */
export async function decodeWithFfmpeg(
  source: string | Uint8Array,
  { ffmpeg: path, signal }: FfmpegPictureOptions,
  format?: string,
): Promise<FfmpegPicture> {
  const ffmpeg = await findFfmpeg(path);
  const log: LogLine[] = [];
  const url = typeof source === "string" ? `file:${resolve(source)}` : "pipe:0";
  const args = [...inputArguments(url, format), "-frames:v", "1", ...FRAMES_OUT];
  const process = new FfmpegProcess(ffmpeg, args, { onLine: (line) => log.push(line), signal });
  process.stdin.end(typeof source === "string" ? undefined : source);
  let image: RgbImage | undefined;
  try {
    for await (image of readPpm(process.stdout)) break;
  } finally {
    await process.stop();
  }
  throwIfAborted(signal);
  return { image, log, complaints: process.complaints, version: ffmpeg.version };
}
