import type { Readable } from "node:stream";
import type { Budget } from "./budget.js";
import type { Inference } from "./inference.js";
import type { Lanes } from "./lanes.js";
import type { Frame } from "./media/picture.js";
import { statPath } from "./media/source.js";
import { openVideo } from "./media/video.js";
import type { ScorerOptions, VideoOptions } from "./options.js";
import { mapOrdered } from "./ordered.js";
import { pixelsHeld, scorePicture } from "./pictureScorer.js";
import type { PreparedPreset } from "./prepared.js";
import type { PictureInfo, VideoResult } from "./result.js";
import { videoResult } from "./results.js";
import { DEFAULT_POOLING, parsePooling } from "./scoring/pooling.js";
import { parseScale } from "./scoring/scale.js";
import { type FrameScore, poolFrames } from "./scoring/video.js";

/** The frames of a video as one preset saw them. */
interface Seen {
  readonly preset: PreparedPreset;
  readonly frames: FrameScore[];
  /** Of the first frame. */
  picture: PictureInfo;
}

/** Scores videos, one at a time: their frames already keep every lane busy. */
export class VideoScorer {
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    readonly inference: Inference,
    readonly options: ScorerOptions,
    readonly pixels: Budget,
  ) {}

  /** A result for each preset. */
  score(
    source: string | Readable,
    presets: readonly PreparedPreset[],
    options: VideoOptions,
  ): Promise<VideoResult[]> {
    const mine = this.#turn.then(() => this.#score(source, presets, options));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #score(
    source: string | Readable,
    presets: readonly PreparedPreset[],
    options: VideoOptions,
  ): Promise<VideoResult[]> {
    const { ffmpeg, trustThreshold, scale } = this.options;
    const { fps, frames: count, every, signal } = options;
    const pooling = options.pooling === undefined ? DEFAULT_POOLING : parsePooling(options.pooling);
    const info = typeof source === "string" ? await fileInfo(source) : {};
    const video = openVideo(source, {
      ...{ fps, frames: count, every, ffmpeg, signal, maxPixels: this.pixels.total },
      reserve: (size) => this.pixels.take(pixelsHeld(size, presets, this.pixels.total), signal),
    });
    const lanes = await this.inference.sideBySide();
    const seen = presets.map((preset): Seen => ({ preset, frames: [], picture: noPicture }));
    let frames = 0;
    for await (const { time, judgements } of mapOrdered(video, lanes.count + 1, (frame) =>
      this.#scoreFrame(frame, presets, lanes, signal),
    )) {
      for (const [index, { shown, score }] of judgements.entries()) remember(seen[index], shown, score);
      options.onFrame?.(++frames, time);
    }
    return seen.map(({ preset, frames, picture }) =>
      videoResult(info, picture, poolFrames(preset.preset, frames, pooling, trustThreshold, preset.learned), {
        preset: preset.preset.name,
        scale: parseScale(scale ?? "unit"),
        sampling: describeSampling(options),
        warnings: video.warnings,
      }),
    );
  }

  async #scoreFrame(
    frame: Frame,
    presets: readonly PreparedPreset[],
    lanes: Lanes,
    signal: AbortSignal | undefined,
  ): Promise<{ time: number; judgements: { shown: PictureInfo; score: FrameScore }[] }> {
    const { trustThreshold } = this.options;
    const { time } = frame;
    const judgements = await scorePicture(lanes, presets, frame, { trustThreshold, signal }).finally(
      frame.release,
    );
    return {
      time,
      judgements: judgements.map(({ shown: { width, height, treatment }, score }) => ({
        shown: { width, height, treatment }, // without the pixels, which would otherwise stay
        score: { ...score, time },
      })),
    };
  }
}

const noPicture: PictureInfo = { width: 0, height: 0, treatment: [] };

function remember(seen: Seen | undefined, shown: PictureInfo, score: FrameScore): void {
  if (!seen) return;
  if (seen.frames.length === 0) seen.picture = shown;
  seen.frames.push(score);
}

function describeSampling({ fps = 1, frames, every }: VideoOptions): string {
  if (frames !== undefined) return `uniform frames: ${frames}`;
  return every === undefined ? `${fps} per second` : `one frame in ${every}`;
}

async function fileInfo(path: string): Promise<{ path: string; size: number; mtimeMs: number }> {
  const { size, mtimeMs } = await statPath(path);
  return { path, size, mtimeMs };
}
