import type { NativeAddon, NativeModel, NativeSession } from "../src/native/addon.js";
import { nativeAddon } from "../src/native/load.js";

/** Time spent inside the addon's two calls that do the work, in milliseconds. */
export class Watch {
  milliseconds = 0;

  async #timed<T>(job: Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await job;
    } finally {
      this.milliseconds += performance.now() - start;
    }
  }

  /** From now on, sessions of every model that is loaded are watched. */
  install(): void {
    const addon = nativeAddon() as { loadModel: NativeAddon["loadModel"] };
    const load = addon.loadModel.bind(addon);
    addon.loadModel = async (...args) => this.#watchModel(await load(...args));
  }

  #watchModel(model: NativeModel): NativeModel {
    return {
      info: model.info,
      tokenize: (...args) => model.tokenize(...args),
      detokenize: (...args) => model.detokenize(...args),
      createSession: async (...args) => this.#watchSession(await model.createSession(...args)),
      dispose: () => {
        model.dispose();
      },
    };
  }

  #watchSession(session: NativeSession): NativeSession {
    return {
      encode: (...args) => this.#timed(session.encode(...args)),
      score: (...args) => this.#timed(session.score(...args)),
      close: () => session.close(),
    };
  }
}
