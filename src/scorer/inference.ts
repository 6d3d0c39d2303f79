import { availableParallelism } from "node:os";
import { SessionPool, type Watches } from "./sessionPool.js";
import { SlowStart } from "./slowStart.js";
import { sessionCount } from "../native/sessionCount.js";
import { TokenCap } from "./tokenCap.js";
import { familyOf, squareProjectors } from "../models/families/families.js";
import { familyTreatment } from "../models/families/familyTreatment.js";
import { type ImageTokens, imageTokens } from "../models/families/imageTokens.js";
import { MAX_THREADS } from "../native/threads.js";
import { smallerModels } from "../models/smallerModels.js";
import type { ModelFiles } from "../models/resolve.js";
import type { NativeSessionOptions } from "../native/addon.js";
import type { Engine, OpenEngine } from "../native/engine.js";
import type { FamilyTreatment } from "../results/result.js";
import type { ResolvedScorerOptions } from "./options.js";

/** What a model and its sessions are opened with. */
export type EngineOptions = Pick<
  ResolvedScorerOptions,
  | "gpu"
  | "timeLimit"
  | "threads"
  | "lowMemory"
  | "maxPixels"
  | "maxContext"
  | "imageMinTokens"
  | "imageMaxTokens"
  | "signal"
  | "onLoad"
  | "onWarning"
>;

/** A loaded model, and the sessions that run it. */
export class Inference {
  readonly #settings: Settings;
  #alone: Promise<SessionPool> | undefined;
  #aloneWasUsed = false;
  #sideBySide: Promise<SessionPool> | undefined;

  private constructor(
    readonly engine: Engine,
    /** Absent where the model's is none whose ways are known. */
    readonly family: FamilyTreatment | undefined,
    readonly threads: number,
    settings: Settings,
    alone: SessionPool,
    private readonly watches: Watches,
  ) {
    this.#settings = settings;
    this.#alone = Promise.resolve(alone);
  }

  static async open(files: ModelFiles, options: EngineOptions, open: OpenEngine): Promise<Inference> {
    const { gpu, timeLimit, signal, onLoad, onWarning } = options;
    const { threads = Math.min(availableParallelism(), MAX_THREADS) } = options;
    const memory = {
      ...sessionSettings(options, threads),
      lowMemory: options.lowMemory ?? false,
      maxPixels: options.maxPixels,
      squares: squareProjectors,
      smaller: await smallerModels(),
    };
    const engine = await open({ ...files, gpu, memory, timeLimit, signal, onLoad });
    try {
      for (const warning of engine.warnings) onWarning(warning);
      const family = familyOf(engine.info);
      const tokens = imageTokens(family, options);
      const treatment = family && familyTreatment(family, tokens);
      const unasked = options.imageMaxTokens === undefined ? treatment : undefined;
      const { maxContext, lowMemory = false } = options;
      const settings = { maxContext, lowMemory, ...tokens };
      const watches = {
        slowStart: new SlowStart(engine.slowStart, onWarning),
        tokenCap: new TokenCap(unasked, engine.info.encoder, onWarning),
      };
      const alone = await SessionPool.open(engine, 1, sessionSettings(settings, threads), watches, signal);
      return new Inference(engine, treatment, threads, settings, alone, watches);
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  /** The fastest way through a run of inputs. */
  sessionsFor(inputs: Iterable<unknown> | AsyncIterable<unknown>): Promise<SessionPool> {
    const single = Array.isArray(inputs) && inputs.length < 2;
    return single ? this.alone() : this.sideBySide();
  }

  /** One session with all threads: the fastest way to one picture. */
  alone(): Promise<SessionPool> {
    this.#aloneWasUsed = true;
    return (this.#alone ??= this.#open(1, this.threads));
  }

  /** How many pictures can be worked on at once. */
  get mostSessions(): number {
    const { onGpu, info } = this.engine;
    const { lowMemory } = this.#settings;
    return sessionCount(info.bytes, { onGpu, threads: this.threads, lowMemory });
  }

  /** The fastest way to many pictures; opened on first use. */
  sideBySide(): Promise<SessionPool> {
    if (this.mostSessions === 1) return this.alone();
    return (this.#sideBySide ??= this.#openSideBySide());
  }

  /** In place of the one for single pictures, whose memory is as much again, where nothing was asked of it. */
  async #openSideBySide(): Promise<SessionPool> {
    if (!this.#aloneWasUsed) {
      const unused = this.#alone;
      this.#alone = undefined;
      await (await unused)?.close();
    }
    return this.#open(this.threads, 1);
  }

  #open(count: number, threads: number): Promise<SessionPool> {
    return SessionPool.open(this.engine, count, sessionSettings(this.#settings, threads), this.watches);
  }

  /** Waits for what is under way, then frees the model. */
  async close(): Promise<void> {
    const opened = [this.#alone, this.#sideBySide].filter((pool) => pool !== undefined);
    for (const pool of await Promise.allSettled(opened)) {
      if (pool.status === "fulfilled") await pool.value.close();
    }
    await this.engine.close();
  }
}

interface Settings extends ImageTokens {
  readonly maxContext: number | undefined;
  readonly lowMemory: boolean;
}

const sessionSettings = (
  { maxContext = 0, imageMinTokens = -1, imageMaxTokens = -1 }: Omit<Settings, "lowMemory">,
  threads: number,
): NativeSessionOptions => ({
  threads,
  maxContext,
  imageMinTokens,
  imageMaxTokens,
});
