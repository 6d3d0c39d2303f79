import { groupBy } from "../util/groupBy.js";
import type { RgbImage } from "../media/picture.js";
import type { NativeSessionOptions } from "../native/addon.js";
import type { Engine, EngineSession, ReadOptions } from "../native/engine.js";
import type { PreparedPreset } from "./preparedPreset.js";
import type { LogitReading } from "../scoring/score.js";
import type { SlowStart } from "./slowStart.js";

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
    private readonly slowStart: SlowStart,
  ) {
    this.#pool = sessions.map((session) => ({ session, waiting: 0 }));
  }

  /** Opens all of them or none: when one fails, the others are closed again. */
  static async open(
    engine: Engine,
    count: number,
    settings: NativeSessionOptions,
    slowStart: SlowStart,
    signal?: AbortSignal,
  ): Promise<SessionPool> {
    const opening = Array.from({ length: count }, () => engine.openSession(settings, signal));
    const opened = await Promise.allSettled(opening);
    const sessions = opened.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
    const failed = opened.find((outcome) => outcome.status === "rejected");
    if (!failed) return new SessionPool(sessions, slowStart);
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
    const pooled = this.#pool.reduce((best, other) => (other.waiting < best.waiting ? other : best));
    pooled.waiting++;
    try {
      return await this.slowStart.watch(readOn(pooled.session, picture, presets, options));
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
