import { TonescoreError } from "../errors.js";
import type { Ffmpeg } from "./ffmpeg.js";
import { Framecrc, type FramecrcRow, seconds } from "./framecrc.js";
import type { StreamInfo } from "./probe.js";
import { runFfmpeg } from "./run-ffmpeg.js";
import type { PacketTime } from "./schedule.js";
import { videoError } from "./video-error.js";
import type { VideoInput } from "./video-input.js";

/** Every packet's time, or their number where they carry none. */
export type Timeline = { readonly packets: readonly PacketTime[] } | { readonly count: number };

/**
 * Reads a file through without decoding it, for the time of each frame: a header's duration may be wrong,
 * may be the sound's, or may be missing.
 */
export async function readTimeline(
  ffmpeg: Ffmpeg,
  input: VideoInput,
  info: StreamInfo,
  signal?: AbortSignal,
): Promise<Timeline> {
  if (!input.seekable) {
    const message = `Expected a file to take uniform frames from, but received ${input.name}.`;
    const remedy = "How long it is shows only at its end: give a file, or ask for frames per second.";
    throw new TonescoreError("ERR_INVALID_ARGUMENT", `${message} ${remedy}`);
  }
  const args = [...input.arguments, "-map", info.specifier, "-c", "copy", "-f", "framecrc", "pipe:1"];
  const framecrc = new Framecrc();
  const read = runFfmpeg(ffmpeg, input, args, { signal }, ({ stdout }) => framecrc.readThrough(stdout));
  const { value: rows, complaints, exit } = await read;
  if (rows.length === 0) throw videoError(input, complaints, exit);
  if (!info.timed) return { count: rows.length };
  return { packets: shown(rows, framecrc.streams[0]?.timeBase ?? info.timeBase) };
}

function shown(rows: readonly FramecrcRow[], timeBase: StreamInfo["timeBase"]): PacketTime[] {
  const packets = rows.flatMap(({ pts, duration }) =>
    pts === undefined ? [] : [{ start: seconds(pts, timeBase), end: seconds(pts + duration, timeBase) }],
  );
  // What an edit list cuts away in front is decoded and not shown.
  const visible = packets.filter((packet) => packet.start >= 0 || packet.end > 0);
  return visible.length > 0 ? visible : packets;
}
