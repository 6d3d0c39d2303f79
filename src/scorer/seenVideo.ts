import type { PreparedPreset } from "./preparedPreset.js";
import type { InputInfo, PictureInfo, RunningScore, StreamFrame, VideoResult } from "../results/result.js";
import { runningScore, streamFrame, videoResult } from "../results/build.js";
import { FramePool, type FrameScore } from "../scoring/framePool.js";
import type { Pooling } from "../scoring/pooling.js";
import type { Scale } from "../scoring/scale.js";

export interface VideoFacts {
  readonly info: InputInfo;
  readonly scale: Scale;
  readonly pooling: Pooling;
  readonly trustThreshold: number;
  /** Seconds of a part; undefined where frames are kept to the end. */
  readonly running: number | undefined;
}

/** A video as one preset has seen it so far. */
export class SeenVideo {
  readonly #whole: FramePool;
  /** Those of the present part, which without running scores is all. */
  #frames: FrameScore[] = [];
  /** Of the first frame. */
  #picture: PictureInfo = { width: 0, height: 0, treatment: [] };

  constructor(
    private readonly preset: PreparedPreset,
    private readonly facts: VideoFacts,
  ) {
    this.#whole = this.#pool();
  }

  /** @returns the score of the part that ended before this frame, where one did. */
  add(picture: PictureInfo, frame: FrameScore): RunningScore | undefined {
    if (this.#whole.count === 0) this.#picture = picture;
    const ended = this.#endsPart(frame) ? this.#endPart() : undefined;
    this.#whole.add(frame);
    this.#frames.push(frame);
    return ended;
  }

  streamed(picture: PictureInfo, frame: FrameScore): StreamFrame {
    return streamFrame(this.facts.info, picture, frame, this.#facts);
  }

  result(facts: Pick<VideoResult, "sampling" | "warnings" | "partial">): VideoResult {
    const frames = this.#frames;
    const left = this.#whole.count - frames.length;
    return videoResult(
      this.facts.info,
      this.#picture,
      { ...this.#whole.result(), frames },
      {
        ...facts,
        ...this.#facts,
        ...(left > 0 && { framesLeftOut: left }),
      },
    );
  }

  get #facts(): { preset: string; scale: Scale } {
    return { preset: this.preset.preset.name, scale: this.facts.scale };
  }

  #pool(): FramePool {
    const { pooling, trustThreshold } = this.facts;
    return new FramePool(this.preset.preset, pooling, trustThreshold, this.preset.learned);
  }

  /** Parts begin at whole multiples of their length. */
  #endsPart({ time }: FrameScore): boolean {
    const { running } = this.facts;
    const [first] = this.#frames;
    return (
      running !== undefined &&
      first !== undefined &&
      Math.floor(time / running) > Math.floor(first.time / running)
    );
  }

  #endPart(): RunningScore {
    const pool = this.#pool();
    for (const frame of this.#frames) pool.add(frame);
    const [from, to] = [this.#frames[0]?.time ?? NaN, this.#frames.at(-1)?.time ?? NaN];
    this.#frames = [];
    return runningScore(this.facts.info, this.#picture, pool.result(), {
      ...this.#facts,
      ...{ from, to, frames: pool.count },
    });
  }
}
