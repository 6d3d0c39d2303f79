import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import type { Inference } from "./inference.js";
import type { Lanes } from "./lanes.js";
import type { Frame } from "./media/picture.js";
import { openVideo } from "./media/video.js";
import type { ScorerOptions, VideoOptions } from "./options.js";
import { mapOrdered } from "./ordered.js";
import { scorePicture } from "./pictureScorer.js";
import type { PreparedPreset } from "./prepared.js";
import type { PictureInfo, VideoResult } from "./result.js";
import { videoResult } from "./results.js";
import { DEFAULT_POOLING, parsePooling } from "./scoring/pooling.js";
import { parseScale } from "./scoring/scale.js";
import { type FrameScore, poolFrames } from "./scoring/video.js";

/** Scores videos, one at a time: their frames already keep every lane busy. */
export class VideoScorer {
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    readonly inference: Inference,
    readonly preset: PreparedPreset,
    readonly options: ScorerOptions,
  ) {}

  score(source: string | Readable, options: VideoOptions): Promise<VideoResult> {
    const mine = this.#turn.then(() => this.#score(source, options));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #score(source: string | Readable, options: VideoOptions): Promise<VideoResult> {
    const { ffmpeg, trustThreshold, scale } = this.options;
    const { fps, frames: count, every, signal } = options;
    const pooling = options.pooling === undefined ? DEFAULT_POOLING : parsePooling(options.pooling);
    const video = openVideo(source, { fps, frames: count, every, ffmpeg, signal });
    const lanes = await this.inference.sideBySide();
    const frames: FrameScore[] = [];
    let picture: PictureInfo = { width: 0, height: 0, treatment: [] };
    for await (const { shown, score } of mapOrdered(video, lanes.count + 1, (frame) =>
      this.#scoreFrame(frame, lanes, signal),
    )) {
      if (frames.length === 0) picture = shown;
      frames.push(score);
      options.onFrame?.(frames.length, score.time);
    }
    const pooled = poolFrames(this.preset.preset, frames, pooling, trustThreshold);
    const info = typeof source === "string" ? await fileInfo(source) : {};
    const { width, height, treatment } = picture;
    return videoResult(info, { width, height, treatment }, pooled, {
      scale: parseScale(scale ?? "unit"),
      sampling: describeSampling(options),
      warnings: video.warnings,
    });
  }

  async #scoreFrame(
    frame: Frame,
    lanes: Lanes,
    signal: AbortSignal | undefined,
  ): Promise<{ shown: PictureInfo; score: FrameScore }> {
    const { trustThreshold } = this.options;
    const { shown, score } = await scorePicture(lanes, this.preset, frame, {
      trustThreshold,
      signal,
    });
    const { width, height, treatment } = shown; // without the pixels, which would otherwise stay
    return { shown: { width, height, treatment }, score: { ...score, time: frame.time } };
  }
}

function describeSampling({ fps = 1, frames, every }: VideoOptions): string {
  if (frames !== undefined) return `uniform frames: ${frames}`;
  return every === undefined ? `${fps} per second` : `one frame in ${every}`;
}

async function fileInfo(path: string): Promise<{ path: string; size: number; mtimeMs: number }> {
  const { size, mtimeMs } = await stat(path);
  return { path, size, mtimeMs };
}
