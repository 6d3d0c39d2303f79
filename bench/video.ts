import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { RgbImage, Scorer } from "../src/index.js";
import { findFfmpeg } from "../src/media/ffmpeg/findFfmpeg.js";
import { openVideo } from "../src/media/video/openVideo.js";
import { type Benchmark, openScorer } from "./context.js";
import { examples, scratch } from "./paths.js";
import { alternate, time } from "./rounds.js";
import type { Row } from "./row.js";

const SECONDS = 20;
const RATE = 30;
const MAX_ROUNDS = 5;

/** Frames from one keyframe to the next: x264's own choice, and what is streamed. */
const GROUPS = [250, 2 * RATE];

/** A photograph that a camera moves over, with a sensor's noise: 1080p, as x264 codes it. */
async function makeClip(group: number): Promise<string> {
  const path = join(scratch, `1080p-${group}.mp4`);
  if (existsSync(path)) return path;
  const photograph = ["-loop", "1", "-framerate", String(RATE), "-t", String(SECONDS)];
  const filters = [
    "scale=2304:-2",
    "crop=1920:1080:'(iw-ow)*(0.5+0.5*sin(t))':'(ih-oh)*(0.5+0.5*cos(1.3*t))'",
    "noise=alls=6:allf=t",
    "format=yuv420p",
  ];
  const coded = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-g", String(group)];
  await promisify(execFile)("ffmpeg", [
    ...["-y", "-v", "error", ...photograph, "-i", join(examples, "rider.jpg")],
    ...["-vf", filters.join(","), ...coded, "-f", "mp4", `${path}.part`],
  ]);
  await rename(`${path}.part`, path);
  return path;
}

/** ffmpeg decodes every frame, and nothing is done with them. */
async function decodeAlone(ffmpeg: string, path: string, threads: number): Promise<void> {
  const args = ["-v", "error", "-nostdin", "-threads", String(threads), "-i", path, "-f", "null", "-"];
  const [code] = (await once(spawn(ffmpeg, args, { stdio: "inherit" }), "exit")) as [number];
  if (code !== 0) throw new Error(`Expected ffmpeg to decode ${path}, but it ended with ${code}`);
}

async function scoreEach(scorer: Scorer, frames: readonly RgbImage[]): Promise<void> {
  for (const frame of frames) await scorer.scoreImage(frame);
}

async function measure(scorer: Scorer, rounds: number, threads: number, group: number): Promise<Row[]> {
  const path = await makeClip(group);
  const ffmpeg = await findFfmpeg();
  const frames: RgbImage[] = [];
  for await (const { data, width, height } of openVideo(path)) frames.push({ data, width, height });
  const measured = await alternate(Math.min(rounds, MAX_ROUNDS), {
    ours: () => time(() => scorer.scoreVideo(path)),
    alone: () => time(() => decodeAlone(ffmpeg.path, path, threads)),
    scoring: () => time(() => scoreEach(scorer, frames)),
  });
  const what = `${SECONDS} s of 1080p H.264, a keyframe in ${group}: ${frames.length} frames`;
  const both = measured.alone.map((milliseconds, round) => milliseconds + (measured.scoring[round] ?? NaN));
  return [
    { name: `${ffmpeg.version} decodes all`, values: measured.alone },
    { name: "that, and then the frames are scored", values: both },
  ].map((other) => ({ what, unit: "ms", ours: measured.ours, other }));
}

/** A video at a frame a second, against ffmpeg that only decodes it. */
export const video: Benchmark = async (context) => {
  await using scorer = await openScorer(context);
  const rows: Row[] = [];
  for (const group of GROUPS) rows.push(...(await measure(scorer, context.rounds, context.threads, group)));
  return rows;
};
