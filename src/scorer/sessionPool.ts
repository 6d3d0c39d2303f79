import { groupBy } from "../util/groupBy.js";
import type { RgbImage } from "../media/picture.js";
import { abortable } from "../native/abortable.js";
import type { NativeAddon, NativeModel, NativeSession, NativeSessionOptions } from "../native/addon.js";
import type { PreparedPreset } from "./preparedPreset.js";
import type { LogitReading } from "../scoring/score.js";

interface PooledSession {
  readonly session: NativeSession;
  waiting: number;
}

/** Sessions side by side. A picture goes to the one with the shortest queue. */
export class SessionPool {
  readonly #addon: NativeAddon;
  readonly #pool: readonly PooledSession[];

  private constructor(addon: NativeAddon, sessions: readonly NativeSession[]) {
    this.#addon = addon;
    this.#pool = sessions.map((session) => ({ session, waiting: 0 }));
  }

  /** Opens all of them or none: when one fails, the others are closed again. */
  static async open(
    addon: NativeAddon,
    model: NativeModel,
    count: number,
    settings: NativeSessionOptions,
    signal?: AbortSignal,
  ): Promise<SessionPool> {
    const opening = Array.from({ length: count }, () =>
      abortable(addon, signal, (abort) => model.createSession(settings, abort)),
    );
    const opened = await Promise.allSettled(opening);
    const sessions = opened.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
    const failed = opened.find((outcome) => outcome.status === "rejected");
    if (!failed) return new SessionPool(addon, sessions);
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
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<PreparedPreset, LogitReading>> {
    const pooled = this.#pool.reduce((best, other) => (other.waiting < best.waiting ? other : best));
    pooled.waiting++;
    try {
      return await this.#readOn(pooled.session, picture, presets, signal);
    } finally {
      pooled.waiting--;
    }
  }

  async #readOn(
    session: NativeSession,
    { data, width, height }: RgbImage,
    presets: readonly PreparedPreset[],
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<PreparedPreset, LogitReading>> {
    const encoded = await abortable(this.#addon, signal, (abort) =>
      session.encode(data, width, height, abort),
    );
    try {
      const readings = new Map<PreparedPreset, LogitReading>();
      for (const sharing of groupBy(presets, (preset) => preset.beginning)) {
        const continuations = sharing.flatMap((preset) => preset.continuations);
        const { logits, logSumExp } = await abortable(this.#addon, signal, (abort) =>
          session.score(sharing[0].prefix(encoded), continuations, abort),
        );
        let start = 0;
        for (const preset of sharing) {
          const end = start + preset.continuations.length;
          readings.set(preset, preset.read(logits.slice(start, end), logSumExp.subarray(start, end)));
          start = end;
        }
      }
      return readings;
    } finally {
      encoded.dispose();
    }
  }

  /** Waits for what is under way, then frees the sessions. */
  async close(): Promise<void> {
    await Promise.all(this.#pool.map((pooled) => pooled.session.close()));
  }
}
