import { TonescoreError } from "../errors.js";
import { throwIfAborted } from "../abort.js";
import type { Ffmpeg } from "./ffmpeg.js";
import { FfmpegProcess, inputArguments } from "./ffmpeg-process.js";
import { FIRST_VIDEO } from "./probe.js";
import type { PacketTime } from "./schedule.js";
import { videoError } from "./video-error.js";
import type { VideoInput } from "./video-input.js";

const CLOCK = /^#tb 0: (\d+)\/(\d+)/;
/** Stream, decode time, presentation time, duration. */
const PACKET = /^0, *(\S+), *(\S+), *(\d+),/;

/**
 * Reads a file through without decoding it, for the time of each frame: a header's duration may be wrong,
 * may be the sound's, or may be missing.
 */
export async function readTimeline(
  ffmpeg: Ffmpeg,
  input: VideoInput,
  signal?: AbortSignal,
): Promise<PacketTime[]> {
  if (!input.seekable) {
    const message = `Expected a file to take uniform frames from, but received ${input.name}.`;
    const remedy = "How long it is shows only at its end: give a file, or ask for frames per second.";
    throw new TonescoreError("ERR_INVALID_ARGUMENT", `${message} ${remedy}`);
  }
  const args = [...inputArguments(input.url), ...FIRST_VIDEO, "-c", "copy", "-f", "framecrc", "pipe:1"];
  const process = new FfmpegProcess(ffmpeg, args, { signal });
  const packets: PacketTime[] = [];
  let secondsPerTick = 1;
  let rest = "";
  try {
    for await (const chunk of process.stdout.setEncoding("latin1")) {
      const lines = (rest + String(chunk)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const clock = CLOCK.exec(line);
        if (clock) secondsPerTick = Number(clock[1]) / Number(clock[2]);
        const [, decode, present, duration] = PACKET.exec(line) ?? [];
        // Some files carry decode times only.
        const start = [Number(present), Number(decode)].find(Number.isFinite);
        if (start === undefined) continue;
        packets.push({ start: start * secondsPerTick, end: (start + Number(duration)) * secondsPerTick });
      }
    }
  } finally {
    await process.stop();
  }
  throwIfAborted(signal);
  if (packets.length === 0) throw videoError(input, process.complaints, await process.exit);
  // What an edit list cuts away in front is decoded and not shown.
  const shown = packets.filter((packet) => packet.start >= 0 || packet.end > 0);
  return shown.length > 0 ? shown : packets;
}
