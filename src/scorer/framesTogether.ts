import type { Frame, Picture } from "../media/picture.js";
import { toSquare } from "../media/image/square.js";
import { openVideo, type Video } from "../media/video/openVideo.js";
import { type EncodedPicture, PicturesLost } from "../native/engine.js";
import { freeMemory } from "../native/freeMemory.js";
import { MOST_FRAMES, samplingText } from "../options/videoOptions.js";
import type { PictureInfo } from "../results/result.js";
import type { FrameScore } from "../scoring/framePool.js";
import { scoreLogits } from "../scoring/score.js";
import { anySignal } from "../util/abort.js";
import { mapOrdered } from "../util/mapOrdered.js";
import type { ResolvedVideoOptions } from "./options.js";
import type { Manner } from "./pictureScorer.js";
import { pixelsHeld } from "./pixelsHeld.js";
import type { PreparedPreset } from "./preparedPreset.js";
import type { SessionPool } from "./sessionPool.js";

type Sampling = Partial<Pick<ResolvedVideoOptions, "fps" | "frames" | "every">>;

interface Asked {
  readonly path: string;
  readonly preset: PreparedPreset;
  readonly sessions: SessionPool;
  readonly options: ResolvedVideoOptions;
}

/** What one preset said of a clip's frames, which were in one prompt. */
interface JointJudgement {
  readonly shown: PictureInfo;
  readonly score: FrameScore;
  readonly warnings: readonly string[];
}

/** Asks about frames of a clip in one prompt, one after another. What is held of a frame is what it was encoded to. */
export class FramesTogether {
  constructor(
    private readonly manner: Manner,
    /** The most tokens of a prompt. */
    private readonly context: number,
  ) {}

  /** Those of the sampling where all fit, and else as many as fit, spread evenly. */
  async score(asked: Asked): Promise<JointJudgement> {
    const { count, room } = await this.#count(asked);
    if (count <= room) return this.#readTwice(asked, asked.options);
    const judgement = await this.#readTwice(asked, { frames: room });
    const why =
      `${samplingText(asked.options)} gives ${count} frames, of which ${room} fit into the model's context: ` +
      "so many were asked about together, spread evenly over the clip";
    return { ...judgement, warnings: [...judgement.warnings, why] };
  }

  /** How many frames there are, and how many have room in a prompt. */
  async #count(asked: Asked): Promise<{ count: number; room: number }> {
    let [count, room] = [0, 1];
    for await (const frame of this.#open(asked, asked.options)) {
      if (count++ > 0) frame.release();
      else {
        const { picture } = await this.#encode(asked, frame);
        room = roomFor(picture.tokens, asked.preset, this.context);
        picture.release();
      }
    }
    return { count, room };
  }

  /** What an engine held goes with its process. */
  async #readTwice(asked: Asked, sampling: Sampling): Promise<JointJudgement> {
    try {
      return await this.#read(asked, sampling);
    } catch (error) {
      if (!(error instanceof PicturesLost)) throw error;
      return this.#read(asked, sampling);
    }
  }

  async #read(asked: Asked, sampling: Sampling): Promise<JointJudgement> {
    const { sessions, preset, options } = asked;
    const signal = signalOf(options);
    const held: EncodedPicture[] = [];
    const times: number[] = [];
    let first: PictureInfo | undefined;
    let count = 0;
    try {
      const video = this.#open(asked, sampling);
      const encode = async (frame: Frame): Promise<PictureInfo> => {
        const { index, time } = frame;
        const { picture, shown } = await this.#encode(asked, frame);
        [held[index], times[index]] = [picture, time];
        return shown;
      };
      for await (const shown of mapOrdered(video, sessions.count + 1, encode, drop)) {
        first ??= shown;
        options.onFrame?.(++count, times[count - 1] ?? NaN);
      }
      const reading = await sessions.readTogether(held, preset, { signal });
      const score = scoreLogits(preset.preset, reading, this.manner.trustThreshold, preset.learned);
      return {
        shown: first ?? { width: 0, height: 0, treatment: [] },
        score: { ...score, time: times[0] ?? NaN, times },
        warnings: video.warnings,
      };
    } finally {
      // Of those that failed there is none.
      held.forEach((picture) => {
        picture.release();
      });
    }
  }

  #open({ path, preset, options }: Asked, { fps, frames, every }: Sampling): Video {
    const { ffmpeg, pixels } = this.manner;
    const signal = signalOf(options);
    return openVideo(path, {
      ...{ fps, frames, every, ffmpeg, signal, maxPixels: pixels.total },
      reserve: (size) => pixels.take(pixelsHeld(size, [preset], pixels.total), signal),
    });
  }

  async #encode(
    { sessions, preset, options }: Asked,
    frame: Frame,
  ): Promise<{ picture: EncodedPicture; shown: PictureInfo }> {
    const square: Picture = toSquare(frame, preset.squaring);
    const { width, height, treatment } = square;
    const onTaken = (): void => {
      freeMemory(square.data);
    };
    try {
      const picture = await sessions.encode(square, { signal: signalOf(options), onTaken });
      return { picture, shown: { width, height, treatment } };
    } finally {
      onTaken();
      freeMemory(frame.data);
      frame.release();
    }
  }
}

const drop = (frame: Frame): void => {
  frame.release();
};

/** A clip has an end that is waited for; where the run is to stop, it has no result. */
const signalOf = ({ signal, stop }: ResolvedVideoOptions): AbortSignal | undefined => anySignal(signal, stop);

/** Pictures of so many tokens that a prompt holds; at least one, which may be one too many. */
function roomFor(tokens: number, { before, continuations }: PreparedPreset, context: number): number {
  const after = Math.max(...continuations.map((continuation) => continuation.tokens.length));
  const room = Math.floor((context - before.length - after) / Math.max(1, tokens));
  return Math.min(Math.max(1, room), MOST_FRAMES);
}
