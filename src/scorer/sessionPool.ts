import { groupBy } from "../util/groupBy.js";
import type { RgbImage } from "../media/picture.js";
import type { NativeSessionOptions } from "../native/addon.js";
import type { EncodedPicture, Engine, EngineSession, ReadOptions } from "../native/engine.js";
import type { PreparedPreset } from "./preparedPreset.js";
import type { LogitReading } from "../scoring/score.js";
import type { SlowStart } from "./slowStart.js";
import type { TokenCap } from "./tokenCap.js";

/** What is told of pictures on their way to a model. */
export interface Watches {
  readonly slowStart: SlowStart;
  readonly tokenCap: TokenCap;
}

interface PooledSession {
  readonly session: EngineSession;
  waiting: number;
}

/**
 * How many pictures are under way at once: one for each session, and never one alone, so that one is decoded while another
 * is read. One more would be read a little sooner where the model has a process of its own, and its pixels be in memory.
 */
export const picturesAtOnce = (sessions: number): number => Math.max(2, sessions);

/** Sessions side by side. A picture goes to the one with the shortest queue. */
export class SessionPool {
  readonly #pool: readonly PooledSession[];

  private constructor(
    sessions: readonly EngineSession[],
    private readonly watches: Watches,
  ) {
    this.#pool = sessions.map((session) => ({ session, waiting: 0 }));
  }

  /** Opens all of them or none: when one fails, the others are closed again. */
  static async open(
    engine: Engine,
    count: number,
    settings: NativeSessionOptions,
    watches: Watches,
    signal?: AbortSignal,
  ): Promise<SessionPool> {
    const opening = Array.from({ length: count }, () => engine.openSession(settings, signal));
    const opened = await Promise.allSettled(opening);
    const sessions = opened.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
    const failed = opened.find((outcome) => outcome.status === "rejected");
    if (!failed) return new SessionPool(sessions, watches);
    await Promise.all(sessions.map((session) => session.close()));
    throw failed.reason;
  }

  /** How many pictures can be worked on at once. */
  get count(): number {
    return this.#pool.length;
  }

  /** Encodes a picture once, and reads the logits of the answer words of each preset. */
  async read(
    picture: RgbImage,
    presets: readonly PreparedPreset[],
    options: ReadOptions = {},
  ): Promise<ReadonlyMap<PreparedPreset, LogitReading>> {
    this.watches.tokenCap.look(picture);
    return this.#onNext((session) => readOn(session, picture, presets, options));
  }

  /** Encodes a picture that is to be asked about together with others. */
  encode(picture: RgbImage, options: ReadOptions = {}): Promise<EncodedPicture> {
    this.watches.tokenCap.look(picture);
    return this.#onNext((session) => session.encode(picture, options));
  }

  /** Reads the logits of a preset's answer words after several pictures. */
  async readTogether(
    pictures: readonly EncodedPicture[],
    preset: PreparedPreset,
    options: Pick<ReadOptions, "signal"> = {},
  ): Promise<LogitReading> {
    const { logits, logSumExp } = await this.#onNext((session) =>
      session.readTogether(pictures, preset, options),
    );
    return preset.read(logits, logSumExp);
  }

  /** Does a job on the session with the shortest queue. */
  async #onNext<T>(job: (session: EngineSession) => Promise<T>): Promise<T> {
    const pooled = this.#pool.reduce((best, other) => (other.waiting < best.waiting ? other : best));
    pooled.waiting++;
    try {
      return await this.watches.slowStart.watch(job(pooled.session));
    } finally {
      pooled.waiting--;
    }
  }

  /** Waits for what is under way, then frees the sessions. */
  async close(): Promise<void> {
    await Promise.all(this.#pool.map((pooled) => pooled.session.close()));
  }
}

async function readOn(
  session: EngineSession,
  picture: RgbImage,
  presets: readonly PreparedPreset[],
  options: ReadOptions,
): Promise<ReadonlyMap<PreparedPreset, LogitReading>> {
  const groups = groupBy(presets, (preset) => preset.beginning);
  const asked = groups.map(([first, ...others]) => ({
    before: first.before,
    continuations: [first, ...others].flatMap((preset) => preset.continuations),
  }));
  const read = await session.read(picture, asked, options);
  const readings = new Map<PreparedPreset, LogitReading>();
  for (const [index, { logits, logSumExp }] of read.entries()) {
    let start = 0;
    for (const preset of groups[index] ?? []) {
      const end = start + preset.continuations.length;
      readings.set(preset, preset.read(logits.slice(start, end), logSumExp.subarray(start, end)));
      start = end;
    }
  }
  return readings;
}
