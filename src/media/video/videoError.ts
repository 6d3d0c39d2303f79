import { expected } from "../../util/expected.js";
import type { TonescoreError } from "../../errors.js";
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
    return expected("a file that holds a video itself", {
      code: "ERR_INPUT_UNSUPPORTED",
      but: `${name} is a playlist, a picture or text`,
      remedy: "Give the video files that it names, or convert it to MP4 or Matroska first.",
    });
  }
  if (/No such filter: '(zscale|tonemap)'/.test(said)) {
    return expected(`an ffmpeg that brings ${name}, which is HDR or wide-gamut, to sRGB`, {
      code: "ERR_VIDEO_DECODE",
      but: "this one lacks the filters zscale and tonemap",
      remedy: "Install one built with libzimg (ffmpeg-static, Homebrew's ffmpeg-full, most Linux packages).",
    });
  }
  const but = `ffmpeg cannot decode ${name}: ${said}`;
  return expected("a video", { code: "ERR_VIDEO_DECODE", but, remedy: input.remedy });
}

/** Some frames of a damaged clip decode, but none of those that were asked for. */
export const noneDecodes = ({ name, remedy }: VideoInput): TonescoreError =>
  expected(`the frames of ${name} that are to be scored`, {
    code: "ERR_VIDEO_DECODE",
    but: "none of them decodes, only others",
    remedy,
  });

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
  return expected("a video", {
    code: "ERR_VIDEO_NO_STREAM",
    but: `${input.name} has no video stream (cover art is none)`,
    remedy: "Give a file that has one.",
  });
}
