import type { Readable } from "node:stream";
import { checkVideoOptionNames } from "./checkOptions.js";
import type { PreparedPair } from "./header.js";
import type { Inference } from "./inference.js";
import type { Lanes } from "./lanes.js";
import { type Input, STDIN } from "./media/input.js";
import { openStdin } from "./media/stdin.js";
import type { ScoreOptions, VideoOptions } from "./options.js";
import { mapOrdered } from "./ordered.js";
import type { ImageSource, PictureScorer } from "./pictureScorer.js";
import type { ErrorResult, ImageResult, Result, RunHeader, VideoResult } from "./result.js";
import { errorResult } from "./results.js";
import { UnderWay } from "./underWay.js";
import type { VideoScorer } from "./videoScorer.js";

/** A loaded model that scores pictures and videos. Close it, or declare it with `await using`. */
export class Scorer implements AsyncDisposable {
  readonly #inference: Inference;
  /** The scorer's own first, then those of `alsoPresets`. */
  readonly #presets: readonly PreparedPair[];
  readonly #pictures: PictureScorer;
  readonly #videos: VideoScorer;
  readonly #makeHeaders: () => Promise<RunHeader[]>;
  readonly #underWay = new UnderWay();
  #headers: Promise<RunHeader[]> | undefined;
  #closed: Promise<void> | undefined;

  /** Made by `createScorer`. */
  constructor(
    inference: Inference,
    presets: readonly PreparedPair[],
    pictures: PictureScorer,
    videos: VideoScorer,
    headers: () => Promise<RunHeader[]>,
  ) {
    this.#inference = inference;
    this.#presets = presets;
    this.#pictures = pictures;
    this.#videos = videos;
    this.#makeHeaders = headers;
  }

  /**
   * Scores one picture: a file, an encoded picture in memory, or RGB pixels, which must not change until it is done.
   * @throws {TonescoreError} `ERR_IMAGE_DECODE` and others of the input, `ERR_CONTEXT_SIZE`, `ERR_ABORTED`
   */
  scoreImage(source: ImageSource, options: ScoreOptions = {}): Promise<ImageResult> {
    const { signal } = options;
    return this.#underWay.run(() => this.#scoreImage(source, this.#inference.alone, signal));
  }

  /**
   * Scores pictures as they come, one result for each, in their order. A bad one gives an {@link ErrorResult} and ends
   * nothing. The next pictures are decoded while one is scored; memory is bounded whatever their number.
   */
  async *scoreImages(
    sources: Iterable<ImageSource> | AsyncIterable<ImageSource>,
    options: ScoreOptions = {},
  ): AsyncGenerator<ImageResult | ErrorResult, void, undefined> {
    const lanes = await this.#inference.lanesFor(sources);
    yield* mapOrdered(sources, atOnce(lanes), (source) =>
      this.#guarded(typeof source === "string" ? { path: source } : {}, options.signal, () =>
        this.#scoreImage(source, lanes, options.signal),
      ),
    );
  }

  /**
   * Scores a video, a file or a stream, frame by frame as it is decoded, and pools the frames.
   * @throws {TonescoreError} `ERR_FFMPEG_NOT_FOUND`, `ERR_VIDEO_NO_STREAM`, `ERR_VIDEO_DECODE`, `ERR_ABORTED`, …
   */
  async scoreVideo(source: string | Readable, options: VideoOptions = {}): Promise<VideoResult> {
    checkVideoOptionNames(options);
    const { video } = first(this.#presets);
    return this.#underWay.run(async () => first(await this.#videos.score(source, [video], options)));
  }

  /** As {@link scoreImages}, for pictures and videos together, as {@link findInputs} lists them. */
  async *scoreAll(
    inputs: Iterable<Input> | AsyncIterable<Input>,
    options: VideoOptions = {},
  ): AsyncGenerator<Result, void, undefined> {
    const own = this.#presets.slice(0, 1);
    for await (const results of this.#scoreInputs(inputs, own, options)) yield first(results);
  }

  /**
   * As {@link scoreAll}, with a result for each preset: the scorer's own, then those of the option `alsoPresets`. The
   * picture is encoded once, so further presets cost little.
   */
  async *scoreAllByPreset(
    inputs: Iterable<Input> | AsyncIterable<Input>,
    options: VideoOptions = {},
  ): AsyncGenerator<Result[], void, undefined> {
    yield* this.#scoreInputs(inputs, this.#presets, options);
  }

  /** What all results of this scorer have in common. Reads the model files through, for their hashes, on first use. */
  async header(): Promise<RunHeader> {
    return first(await this.headersByPreset());
  }

  /** The headers that belong to {@link scoreAllByPreset}. */
  headersByPreset(): Promise<RunHeader[]> {
    return (this.#headers ??= this.#makeHeaders());
  }

  /** Waits for what is under way, then frees the model's memory. */
  close(): Promise<void> {
    return (this.#closed ??= this.#underWay.close().then(() => this.#inference.close()));
  }

  async #scoreImage(
    source: ImageSource,
    lanes: Lanes,
    signal: AbortSignal | undefined,
  ): Promise<ImageResult> {
    return first(await this.#pictures.score(source, [first(this.#presets).image], lanes, signal));
  }

  async *#scoreInputs(
    inputs: Iterable<Input> | AsyncIterable<Input>,
    presets: readonly PreparedPair[],
    options: VideoOptions,
  ): AsyncGenerator<Result[], void, undefined> {
    checkVideoOptionNames(options);
    const [images, videos] = [presets.map(({ image }) => image), presets.map(({ video }) => video)];
    const lanes = await this.#inference.lanesFor(inputs);
    yield* mapOrdered(inputs, atOnce(lanes), async (input) => {
      if ("error" in input) return presets.map(() => errorResult({ path: input.path }, input.error));
      const { path, size, mtimeMs, kind } = input;
      const info = { path, size, mtimeMs };
      const results = await this.#guarded<(ImageResult | VideoResult)[]>(info, options.signal, async () => {
        const source = path === STDIN ? await openStdin(process.stdin, options.signal) : path;
        return source instanceof Uint8Array || (typeof source === "string" && kind === "image")
          ? this.#pictures.score(source, images, lanes, options.signal)
          : this.#videos.score(source, videos, options);
      });
      if (!Array.isArray(results)) return presets.map(() => results);
      return results.map((result) => ({ ...result, input: { ...info, ...result.input } }));
    });
  }

  /** An input's failure becomes its result; an abort, or closing the scorer, ends the run. */
  #guarded<T>(
    info: ErrorResult["input"],
    signal: AbortSignal | undefined,
    score: () => Promise<T>,
  ): Promise<T | ErrorResult> {
    return this.#underWay.run(async () => {
      try {
        return await score();
      } catch (error) {
        if (signal?.aborted) throw error;
        return errorResult(info, error);
      }
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** There is always at least the scorer's own preset. */
function first<T>([value]: readonly T[]): T {
  return value as T;
}

/** Each lane has a picture to work on, and the next one is being decoded. */
const atOnce = (lanes: Lanes): number => lanes.count + 1;
