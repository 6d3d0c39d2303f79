import { TonescoreError } from "../../errors.js";
import type { Ffmpeg } from "../ffmpeg/findFfmpeg.js";
import type { Exit } from "../ffmpeg/ffmpegProcess.js";
import { Framecrc } from "../ffmpeg/framecrc.js";
import { runFfmpeg } from "../ffmpeg/runFfmpeg.js";
import type { VideoInput } from "./videoInput.js";

/** Says why no frame came. */
export function videoError(input: VideoInput, complaints: readonly string[], exit?: Exit): TonescoreError {
  const { name } = input;
  const said = complaints.join("; ") || (exit?.signal ? `it crashed: ${exit.signal}` : "it names no reason");
  if (said.includes("not on whitelist")) {
    const message = `Expected a file that holds a video itself, but ${name} is a playlist, a picture or text.`;
    const remedy = "Give the video files that it names, or convert it to MP4 or Matroska first.";
    return new TonescoreError("ERR_INPUT_UNSUPPORTED", `${message} ${remedy}`);
  }
  if (/No such filter: '(zscale|tonemap)'/.test(said)) {
    const message = `${name} is HDR or wide-gamut, and this ffmpeg lacks the zscale and tonemap filters that bring it to sRGB.`;
    const remedy =
      "Install one built with libzimg (ffmpeg-static, Homebrew's ffmpeg-full, most Linux packages).";
    return new TonescoreError("ERR_VIDEO_DECODE", `${message} ${remedy}`);
  }
  const message = `Expected a video, but ffmpeg cannot decode ${name}: ${said}. ${input.remedy}`;
  return new TonescoreError("ERR_VIDEO_DECODE", message);
}

/** Some frames of a damaged clip decode, but none of those that were asked for. */
export function noneDecodes({ name, remedy }: VideoInput): TonescoreError {
  const message = `Expected the frames of ${name} that are to be scored, but none of them decodes, only others.`;
  return new TonescoreError("ERR_VIDEO_DECODE", `${message} ${remedy}`);
}

/** Says why no stream of moving pictures was found: there are others, or ffmpeg cannot open it at all. */
export async function noStreamError(
  ffmpeg: Ffmpeg,
  input: VideoInput,
  limits: readonly string[],
  signal: AbortSignal | undefined,
): Promise<TonescoreError> {
  const everything = [...["-map", "0", "-c", "copy"], ...["-frames", "0", "-f", "framecrc", "pipe:1"]];
  const args = [...limits, ...input.arguments, ...everything];
  const { value, complaints, exit } = await runFfmpeg(ffmpeg, input, args, { signal }, async ({ stdout }) => {
    const framecrc = new Framecrc();
    await framecrc.readThrough(stdout);
    return framecrc.streams;
  });
  if (value.length === 0) return videoError(input, complaints, exit);
  const message = `Expected a video, but ${input.name} has no video stream (cover art is none). Give a file that has one.`;
  return new TonescoreError("ERR_VIDEO_NO_STREAM", message);
}
