import type { Readable } from "node:stream";
import { expected } from "../../util/expected.js";
import type { Ffmpeg } from "../ffmpeg/findFfmpeg.js";
import { Framecrc, seconds } from "../ffmpeg/framecrc.js";
import type { StreamInfo } from "./probe.js";
import { runFfmpeg } from "../ffmpeg/runFfmpeg.js";
import type { PacketTime } from "./schedule.js";
import { videoError } from "./videoError.js";
import type { VideoInput } from "./videoInput.js";

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
    throw expected("a file to take uniform frames from", {
      but: `received ${input.name}`,
      remedy: "How long it is shows only at its end: give a file, or ask for frames per second.",
    });
  }
  const args = [...input.arguments, "-map", info.specifier, "-c", "copy", "-f", "framecrc", "pipe:1"];
  const { value, complaints, exit } = await runFfmpeg(ffmpeg, input, args, { signal }, ({ stdout }) =>
    readPackets(stdout, info, input.name),
  );
  if (value.count === 0) throw videoError(input, complaints, exit);
  return info.timed ? { packets: shown(value.packets) } : { count: value.count };
}

/** A day and a half of 30 frames a second, and as many as memory should hold of a file made of empty packets. */
const MOST_PACKETS = 2 ** 22;

interface Packets {
  readonly packets: readonly PacketTime[];
  /** Those that carry no time too. */
  readonly count: number;
}

async function readPackets(stdout: Readable, { timeBase }: StreamInfo, name: string): Promise<Packets> {
  const packets: PacketTime[] = [];
  let count = 0;
  for await (const { pts, duration } of new Framecrc().rows(stdout)) {
    if (++count > MOST_PACKETS) {
      throw expected(`at most ${MOST_PACKETS} frames to take uniform ones from`, {
        code: "ERR_VIDEO_DECODE",
        but: `${name} has more`,
        remedy: "Ask for frames per second.",
      });
    }
    if (pts === undefined) continue;
    packets.push({ start: seconds(pts, timeBase), end: seconds(pts + duration, timeBase) });
  }
  return { packets, count };
}

/** What an edit list cuts away in front is decoded and not shown. */
function shown(packets: readonly PacketTime[]): readonly PacketTime[] {
  const visible = packets.filter((packet) => packet.start >= 0 || packet.end > 0);
  return visible.length > 0 ? visible : packets;
}
