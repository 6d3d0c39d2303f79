import type { Ffmpeg } from "../ffmpeg/findFfmpeg.js";
import type { FfmpegProcess } from "../ffmpeg/ffmpegProcess.js";
import { Framecrc, type FramecrcStream } from "../ffmpeg/framecrc.js";
import { readTracks, type Track } from "../ffmpeg/matroska.js";
import { readOrientations } from "../ffmpeg/orientation.js";
import { readHead, runFfmpeg } from "../ffmpeg/runFfmpeg.js";
import type { VideoInput } from "./videoInput.js";

/** What a file says of one of its streams of moving pictures, as far as ffmpeg can tell without decoding. */
export interface VideoStream extends FramecrcStream {
  /** Its place among the streams of moving pictures. */
  readonly index: number;
  /** Absent where Matroska has no way to write it. */
  readonly track: Track | undefined;
  /** How frames are brought upright, as treatments. */
  readonly orientation: readonly string[];
}

/** No header of a few streams comes near this. */
const LONGEST_HEADER = 2 ** 22;

/**
 * Headers only, each on a pipe of its own. When ffmpeg refuses one, those before it are written all the same: any
 * stream fits framecrc, nearly all fit Matroska, and those that can be turned fit QuickTime.
 */
function headers(streams: string): string[] {
  const metadata = ["-map_metadata:g", "-1", "-map_chapters", "-1"];
  const copied = ["-map", streams, ...metadata, "-c", "copy", "-frames:v", "0"];
  return [
    ...[...copied, "-f", "framecrc", "pipe:1"],
    ...[...copied, "-f", "matroska", "pipe:3"],
    ...[...copied, "-f", "mov", "-movflags", "empty_moov+frag_keyframe", "pipe:4"],
  ];
}

/** V leaves out cover art, which is a video stream to ffmpeg. */
const ALL = "0:V";
const FIRST = "0:V:0";

/** A stream's codec tag may be one that Matroska does not have; without any, ffmpeg finds the right one. */
export const UNTAGGED = ["-tag:v", "0"];

/**
 * Lists the streams of moving pictures. ffmpeg copies their headers into formats with a fixed frame, so that text
 * of a file can be taken for nothing else. One stream of which nothing arrived yet spoils the list; then the first
 * is the only one.
 */
export async function listStreams(
  ffmpeg: Ffmpeg,
  input: VideoInput,
  limits: readonly string[],
  signal: AbortSignal | undefined,
): Promise<VideoStream[]> {
  const list = async (streams: string): Promise<VideoStream[]> => {
    const args = [...limits, ...UNTAGGED, ...input.arguments, ...headers(streams)];
    const { value } = await runFfmpeg(ffmpeg, input, args, { signal, pipes: 2 }, readHeaders);
    return value;
  };
  const all = await list(ALL);
  return all.length > 0 ? all : list(FIRST);
}

async function readHeaders({ stdout, pipes }: FfmpegProcess): Promise<VideoStream[]> {
  const framecrc = new Framecrc();
  const [, matroska, quicktime] = await Promise.all([
    framecrc.readThrough(stdout),
    ...pipes.map((pipe) => readHead(pipe, LONGEST_HEADER)),
  ]);
  const tracks = readTracks(matroska ?? new Uint8Array());
  const orientations = readOrientations(quicktime ?? new Uint8Array());
  return framecrc.streams.map((stream, index) => {
    const orientation = orientations[index] ?? [];
    return { ...stream, index, track: tracks[index], orientation };
  });
}

/** The one that players show: marked as the default, the largest of several such, the first of equals. */
export function defaultStream(streams: readonly VideoStream[]): VideoStream | undefined {
  const rank = ({ track, width, height }: VideoStream): number =>
    track?.isDefault === false ? -1 : width * height;
  return [...streams].sort((a, b) => rank(b) - rank(a))[0];
}
