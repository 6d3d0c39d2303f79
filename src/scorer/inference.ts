import { availableParallelism } from "node:os";
import { SessionPool } from "./sessionPool.js";
import type { ModelFiles } from "../models/resolve.js";
import { abortable } from "../native/abortable.js";
import type { NativeAddon, NativeModel } from "../native/addon.js";
import { prepareGpu } from "../native/gpu.js";
import { nativeAddon } from "../native/load.js";
import type { ResolvedScorerOptions } from "./options.js";

/**
 * The graphs of a smaller model are too small for several threads to share well: many pictures go through faster on as
 * many sessions of one thread each (bench/sessions.ts). The bits are the same.
 */
const SMALL_MODEL_BYTES = 64e6;

/** What a model and its sessions are opened with. */
export type EngineOptions = Pick<
  ResolvedScorerOptions,
  "gpu" | "threads" | "maxContext" | "imageMinTokens" | "imageMaxTokens" | "signal" | "onLoad"
>;

/** A loaded model, and the native threads that run it. */
export class Inference {
  readonly #addon: NativeAddon;
  readonly #options: EngineOptions;
  #sideBySide: Promise<SessionPool> | undefined;

  private constructor(
    addon: NativeAddon,
    options: EngineOptions,
    readonly model: NativeModel,
    /** One session with all threads: the fastest way to one picture. */
    readonly alone: SessionPool,
    readonly threads: number,
    /** The devices that compute, such as `CPU`. */
    readonly backend: string,
    readonly onGpu: boolean,
  ) {
    this.#addon = addon;
    this.#options = options;
  }

  static async open(files: ModelFiles, options: EngineOptions): Promise<Inference> {
    const addon = nativeAddon();
    const onGpu = prepareGpu(addon, options.gpu);
    const { signal, threads = availableParallelism() } = options;
    const model = await abortable(addon, signal, (abort) =>
      addon.loadModel({ ...files, gpuLayers: onGpu ? -1 : 0 }, options.onLoad ?? (() => undefined), abort),
    );
    try {
      const alone = await SessionPool.open(addon, model, 1, sessionSettings(options, threads), signal);
      const devices = addon.devices().filter((device) => device.gpu === onGpu);
      const backend = devices.map((device) => device.name).join(", ");
      return new Inference(addon, options, model, alone, threads, backend, onGpu);
    } catch (error) {
      model.dispose();
      throw error;
    }
  }

  /** The fastest way through a run of inputs. */
  sessionsFor(inputs: Iterable<unknown> | AsyncIterable<unknown>): Promise<SessionPool> {
    const single = Array.isArray(inputs) && inputs.length < 2;
    return single ? Promise.resolve(this.alone) : this.sideBySide();
  }

  /** How many pictures can be worked on at once. */
  get mostSessions(): number {
    return !this.onGpu && this.model.info.bytes < SMALL_MODEL_BYTES ? this.threads : 1;
  }

  /** The fastest way to many pictures; opened on first use. */
  sideBySide(): Promise<SessionPool> {
    if (this.mostSessions === 1) return Promise.resolve(this.alone);
    return (this.#sideBySide ??= SessionPool.open(
      this.#addon,
      this.model,
      this.threads,
      sessionSettings(this.#options, 1),
    ));
  }

  /** Waits for what is under way, then frees the model. */
  async close(): Promise<void> {
    const sideBySide = await this.#sideBySide?.catch(() => undefined);
    await Promise.all([this.alone.close(), sideBySide?.close()]);
    this.model.dispose();
  }
}

const sessionSettings = (
  { maxContext = 0, imageMinTokens = -1, imageMaxTokens = -1 }: EngineOptions,
  threads: number,
): { threads: number; maxContext: number; imageMinTokens: number; imageMaxTokens: number } => ({
  threads,
  maxContext,
  imageMinTokens,
  imageMaxTokens,
});
