import { samplingText } from "../options/videoOptions.js";
import type { Readable } from "node:stream";
import { anySignal } from "../util/abort.js";
import { expected } from "../util/expected.js";
import { TonescoreError } from "../errors.js";
import type { Inference } from "./inference.js";
import type { SessionPool } from "./sessionPool.js";
import type { Frame } from "../media/picture.js";
import { statPath } from "../media/inputs/source.js";
import { openVideo } from "../media/video/openVideo.js";
import type { ResolvedVideoOptions } from "./options.js";
import type { Manner } from "./pictureScorer.js";
import { pixelsHeld } from "./pixelsHeld.js";
import { mapOrdered } from "../util/mapOrdered.js";
import type { PreparedPreset } from "./preparedPreset.js";
import type { InputInfo, PictureInfo, VideoResult } from "../results/result.js";
import type { FrameScore } from "../scoring/framePool.js";
import { FramesTogether } from "./framesTogether.js";
import { scorePicture } from "./scorePicture.js";
import { SeenVideo, type VideoFacts } from "./seenVideo.js";

/** What one preset said of a frame. */
interface FrameJudgement {
  readonly shown: PictureInfo;
  readonly score: FrameScore;
}

/** Scores videos, one at a time: their frames already keep every session busy. */
export class VideoScorer {
  #turn: Promise<unknown> = Promise.resolve();

  readonly #together: FramesTogether;

  /** @param context the most tokens of a prompt */
  constructor(
    readonly inference: Inference,
    readonly manner: Manner,
    context: number,
  ) {
    this.#together = new FramesTogether(manner, context);
  }

  /**
   * A result for each preset.
   * @param info what is recorded of a stream; a file says it itself
   */
  score(
    source: string | Readable,
    presets: readonly PreparedPreset[],
    options: ResolvedVideoOptions,
    info: InputInfo = {},
  ): Promise<VideoResult[]> {
    const mine = this.#turn.then(() => this.#score(source, presets, options, info));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #score(
    source: string | Readable,
    presets: readonly PreparedPreset[],
    options: ResolvedVideoOptions,
    given: InputInfo,
  ): Promise<VideoResult[]> {
    const isStream = typeof source !== "string";
    const facts: VideoFacts = {
      info: isStream ? given : await fileInfo(source),
      scale: this.manner.scale,
      pooling: options.pooling,
      trustThreshold: this.manner.trustThreshold,
      running: isStream ? options.running : undefined,
    };
    const sampling = samplingText(options);
    const each = presets.filter((preset) => !isJoint(preset));
    const seen = each.map((preset) => new SeenVideo(preset, facts));
    const watched = each.length > 0 ? await this.#watch(source, each, options, seen) : { warnings: [] };
    const results = new Map(
      each.map((preset, index) => [preset, seen[index]?.result({ sampling, ...watched })]),
    );
    for (const preset of presets.filter(isJoint)) {
      const video = new SeenVideo(preset, facts);
      const sessions = await this.inference.sideBySide();
      const joint = await this.#together.score({ path: pathOf(source), preset, sessions, options });
      video.add(joint.shown, joint.score);
      results.set(preset, video.result({ sampling, warnings: joint.warnings }));
    }
    return presets.flatMap((preset) => results.get(preset) ?? []);
  }

  /** Looks at a video to its end; of a stream, as far as it comes. */
  async #watch(
    source: string | Readable,
    presets: readonly PreparedPreset[],
    options: ResolvedVideoOptions,
    seen: readonly SeenVideo[],
  ): Promise<Pick<VideoResult, "warnings" | "partial">> {
    const isStream = typeof source !== "string";
    const { fps, frames: count, every, stop } = options;
    const leaving = new AbortController();
    const signal = anySignal(options.signal, stop, leaving.signal);
    const { ffmpeg } = this.manner;
    const video = openVideo(source, {
      ...{ fps, frames: count, every, ffmpeg, signal, maxPixels: this.manner.pixels.total },
      reserve: (size) => this.manner.pixels.take(pixelsHeld(size, presets, this.manner.pixels.total), signal),
    });
    const sessions = await this.inference.sideBySide();
    let frames = 0;
    try {
      const score = (frame: Frame) => this.#scoreFrame(frame, presets, sessions, signal);
      const drop = (frame: Frame): void => {
        frame.release();
      };
      for await (const { time, judgements } of mapOrdered(video, sessions.count + 1, score, drop)) {
        frames++;
        await tell(judgements, seen, isStream ? options : SILENT).catch((error: unknown) => {
          leaving.abort(); // a feed that stands still would otherwise be waited for
          throw error;
        });
        options.onFrame?.(frames, time);
      }
    } catch (error) {
      const goesOn = isStream && frames > 0 && options.signal?.aborted !== true;
      const why = goesOn ? endOf(error, stop) : undefined;
      if (why === undefined) throw error;
      return { warnings: [...video.warnings, why], partial: true };
    }
    const partial = isStream && (video.damaged || stop?.aborted === true);
    return { warnings: video.warnings, ...(partial && { partial }) };
  }

  async #scoreFrame(
    frame: Frame,
    presets: readonly PreparedPreset[],
    sessions: SessionPool,
    signal: AbortSignal | undefined,
  ): Promise<{ time: number; judgements: FrameJudgement[] }> {
    const { trustThreshold } = this.manner;
    const { time } = frame;
    const judgements = await scorePicture(sessions, presets, frame, { trustThreshold, signal }).finally(
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

const isJoint = ({ preset }: PreparedPreset): boolean => preset.frames === "together";

/** How many frames a stream will have is not known when the first is to be asked about. */
function pathOf(source: string | Readable): string {
  if (typeof source === "string") return source;
  throw expected("a file", {
    for: 'a preset with "frames": "together"',
    but: "this is a stream",
    remedy: "Write it to a file first, or ask a preset that looks at each frame by itself.",
  });
}

/** Files have an end that their result can be waited for. */
const SILENT = { onStreamFrame: undefined, onRunningScore: undefined };

/** Why a stream ended before its time; undefined for what is no fault of the stream's. */
function endOf(error: unknown, stop: AbortSignal | undefined): string | undefined {
  const whole = "the score is of the frames until then";
  if (stop?.aborted) return `the stream was stopped; ${whole}`;
  const broken =
    error instanceof TonescoreError && ["ERR_INPUT_UNREADABLE", "ERR_VIDEO_DECODE"].includes(error.code);
  return broken ? `the stream broke off; ${whole} (${error.message})` : undefined;
}

/** Adds what the presets said of a frame, and passes it on. */
async function tell(
  judgements: readonly FrameJudgement[],
  seen: readonly SeenVideo[],
  { onStreamFrame, onRunningScore }: Pick<ResolvedVideoOptions, "onStreamFrame" | "onRunningScore">,
): Promise<void> {
  for (const [index, { shown, score }] of judgements.entries()) {
    const ended = seen[index]?.add(shown, score);
    if (ended) await onRunningScore?.(ended);
  }
  for (const [index, { shown, score }] of judgements.entries()) {
    const frame = onStreamFrame && seen[index]?.streamed(shown, score);
    if (frame) await onStreamFrame(frame);
  }
}

async function fileInfo(path: string): Promise<{ path: string; size: number; mtimeMs: number }> {
  const { size, mtimeMs } = await statPath(path);
  return { path, size, mtimeMs };
}
