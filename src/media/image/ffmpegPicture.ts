import { resolve } from "node:path";
import { throwIfAborted } from "../../util/abort.js";
import { type Colour, NO_COLOUR } from "../colour/colour.js";
import { findFfmpeg } from "../ffmpeg/findFfmpeg.js";
import { FfmpegProcess, FRAMES_OUT, inputArguments } from "../ffmpeg/ffmpegProcess.js";
import { limitArguments } from "../video/frameLimits.js";
import { readTracks } from "../ffmpeg/matroska.js";
import type { RgbImage } from "../picture.js";
import { readPpm } from "../ffmpeg/ppm.js";
import { readHead } from "../ffmpeg/runFfmpeg.js";

export interface FfmpegPictureOptions {
  readonly ffmpeg?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface DecodeOptions extends FfmpegPictureOptions {
  /** Pixels of the largest picture that ffmpeg decodes. */
  readonly maxPixels: number;
  /** The one demuxer that reads it. */
  readonly format?: "bmp_pipe";
  /** What is done to it, made of numbers and closed lists. */
  readonly filters?: string;
}

export interface FfmpegPicture {
  /** Absent where ffmpeg gives none. */
  readonly image: RgbImage | undefined;
  readonly complaints: readonly string[];
  readonly version: string;
}

const urlOf = (source: string | Uint8Array): string =>
  typeof source === "string" ? `file:${resolve(source)}` : "pipe:0";

const LONGEST_HEADER = 2 ** 20;

/** What a file says of its pictures' colours, by a Matroska header that ffmpeg copies it into. */
export async function colourByFfmpeg(
  source: string | Uint8Array,
  { ffmpeg: path, signal }: FfmpegPictureOptions,
): Promise<Colour> {
  const copied = ["-map", "0:v", "-c", "copy", "-frames:v", "0", "-f", "matroska", "pipe:1"];
  const args = [...inputArguments(urlOf(source)), ...copied];
  const process = new FfmpegProcess(await findFfmpeg(path), args, { signal });
  process.stdin.end(typeof source === "string" ? undefined : source);
  try {
    const [track] = readTracks(await readHead(process.stdout, LONGEST_HEADER));
    throwIfAborted(signal);
    return track?.colour ?? NO_COLOUR;
  } finally {
    await process.stop();
  }
}

/**
 * The first picture that ffmpeg finds in a file or in memory, not turned.
 * @throws {TonescoreError} `ERR_FFMPEG_NOT_FOUND`
 */
export async function decodeWithFfmpeg(
  source: string | Uint8Array,
  { ffmpeg: path, signal, maxPixels, format, filters }: DecodeOptions,
): Promise<FfmpegPicture> {
  const ffmpeg = await findFfmpeg(path);
  const args = [
    ...[...limitArguments(maxPixels), "-noautorotate", ...inputArguments(urlOf(source), format)],
    ...(filters === undefined ? [] : ["-vf", filters]),
    ...["-frames:v", "1", ...FRAMES_OUT],
  ];
  const process = new FfmpegProcess(ffmpeg, args, { signal });
  process.stdin.end(typeof source === "string" ? undefined : source);
  let image: RgbImage | undefined;
  try {
    for await (image of readPpm(process.stdout, maxPixels)) break;
  } finally {
    await process.stop();
  }
  throwIfAborted(signal);
  return { image, complaints: process.complaints, version: ffmpeg.version };
}
