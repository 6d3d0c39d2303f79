import { readFile } from "node:fs/promises";
import { encodeWithFfmpeg } from "./ffmpeg.js";
import type { Seed } from "./seed.js";

const COLOURS = "-color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc".split(" ");
const TITLE = ["-metadata", "title=a title", "-metadata:s:v", "handler_name=a handler"];

const CLIPS: readonly [name: string, extension: string, ...args: string[]][] = [
  ["MP4, H.264", "mp4", "-c:v", "libx264", ...TITLE],
  ["MP4, H.265, HDR", "mp4", "-c:v", "libx265", "-x265-params", "log-level=error", "-pix_fmt", "yuv420p10le", ...COLOURS],
  ["MP4, fragmented", "mp4", "-c:v", "libx264", "-movflags", "frag_keyframe+empty_moov"],
  ["MOV, ProRes", "mov", "-c:v", "prores_ks", ...TITLE],
  ["Matroska, FFV1", "mkv", "-c:v", "ffv1", ...TITLE],
  ["Matroska, H.264", "mkv", "-c:v", "libx264", "-vf", "setsar=4/3", "-metadata", "a=b"],
  ["WebM, VP9", "webm", "-c:v", "libvpx-vp9", "-cpu-used", "8"],
  ["AVI, MPEG-4", "avi", "-c:v", "mpeg4"],
  ["AVI, Motion JPEG", "avi", "-c:v", "mjpeg", "-pix_fmt", "yuvj420p"],
  ["MPEG-TS, MPEG-2", "m2ts", "-c:v", "mpeg2video", "-r", "25"],
  ["MPEG-TS, H.264, interlaced", "m2ts", "-c:v", "libx264", "-flags", "+ildct+ilme"],
  ["Motion JPEG, raw", "mjpeg", "-c:v", "mjpeg", "-pix_fmt", "yuvj420p"],
  ["H.264, raw", "h264", "-c:v", "libx264"],
  ["FLV", "flv", "-c:v", "flv1"],
  ["Y4M", "y4m", "-pix_fmt", "yuv420p"],
]; // prettier-ignore

/** Short clips in every container that people have. */
export async function videoSeeds(): Promise<Seed[]> {
  const made = CLIPS.map(async ([name, extension, ...args]) => ({
    name,
    extension,
    bytes: await encodeWithFfmpeg(extension, args),
  }));
  const file = new URL("../../fixtures/media/rotated.mp4", import.meta.url);
  const rotated = { name: "MP4, rotated", extension: "mp4", bytes: await readFile(file) };
  return [...(await Promise.all(made)), rotated];
}
