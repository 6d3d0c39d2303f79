import { EngineLost, modelErrors, TonescoreError } from "../errors.js";
import { type MediaInput, STDIN } from "../media/inputs/input.js";
import { type InputLike, readInput } from "../media/inputs/inputLike.js";
import { openStdin } from "../media/inputs/stdin.js";
import { errorResult } from "../results/build.js";
import type { ErrorResult, InputInfo, Result, ScoredResult } from "../results/result.js";
import { anySignal } from "../util/abort.js";
import type { UnderWay } from "../util/underWay.js";
import type { PreparedPair } from "./makeHeaders.js";
import type { ResolvedVideoOptions } from "./options.js";
import type { PictureScorer } from "./pictureScorer.js";
import type { SessionPool } from "./sessionPool.js";
import type { VideoScorer } from "./videoScorer.js";

/** Scores what is listed, pictures and videos, so that what is wrong with an input ends nothing but its own result. */
export class InputScorer {
  constructor(
    private readonly pictures: PictureScorer,
    private readonly videos: VideoScorer,
    private readonly underWay: UnderWay,
  ) {}

  /** A result for each preset, or one error for all. */
  async score(
    item: InputLike,
    presets: readonly PreparedPair[],
    sessions: SessionPool,
    options: ResolvedVideoOptions,
  ): Promise<Result[] | ErrorResult> {
    const input = await this.guarded({}, options.signal, () => readInput(item));
    if ("type" in input) return input;
    if ("error" in input) return errorResult({ path: input.path }, input.error);
    const { path, size, mtimeMs } = input;
    return this.guarded({ path, size, mtimeMs }, options.signal, () =>
      this.#scoreInput(input, presets, sessions, options),
    );
  }

  /** What was listed is what is recorded: a file that changes meanwhile is another one to a run that goes on. */
  async #scoreInput(
    { kind, path, size, mtimeMs }: MediaInput,
    presets: readonly PreparedPair[],
    sessions: SessionPool,
    options: ResolvedVideoOptions,
  ): Promise<ScoredResult[]> {
    const info = { path, size, mtimeMs };
    const signal = anySignal(options.signal, options.stop);
    const source = path === STDIN ? await openStdin(process.stdin, signal) : path;
    if (source instanceof Uint8Array || (typeof source === "string" && kind === "image")) {
      const asked = presets.map(({ image }) => image);
      return this.pictures.score(source, info, asked, () => sessions, signal);
    }
    const asked = presets.map(({ video }) => video);
    const results = await this.videos.score(source, asked, options, info);
    return results.map((result) => ({ ...result, input: { ...result.input, ...info } }));
  }

  /** An input's failure becomes its result; an abort, closing the scorer, or a model that fails ends the run. */
  guarded<T>(
    info: InputInfo,
    signal: AbortSignal | undefined,
    work: () => Promise<T>,
  ): Promise<T | ErrorResult> {
    return this.underWay.run(async () => {
      try {
        return await work();
      } catch (error) {
        if (signal?.aborted || isOfModel(error)) throw error;
        return errorResult(info, error);
      }
    });
  }
}

const isOfModel = (error: unknown): boolean =>
  error instanceof EngineLost || (error instanceof TonescoreError && modelErrors.includes(error.code));
