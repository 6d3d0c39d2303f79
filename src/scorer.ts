import type { Readable } from "node:stream";
import { checkOptions, checkVideoOptionNames } from "./checkOptions.js";
import { makeHeader } from "./header.js";
import { Inference } from "./inference.js";
import type { Lanes } from "./lanes.js";
import { type Input, STDIN } from "./media/input.js";
import { resolveModel } from "./models/resolve.js";
import type { ScoreOptions, ScorerOptions, VideoOptions } from "./options.js";
import { mapOrdered } from "./ordered.js";
import { type ImageSource, PictureScorer } from "./pictureScorer.js";
import { PreparedPreset } from "./prepared.js";
import { choosePresets } from "./presetChoice.js";
import { readTemplate } from "./prompts/readTemplate.js";
import type { ErrorResult, ImageResult, Result, RunHeader, VideoResult } from "./result.js";
import { errorResult } from "./results.js";
import { UnderWay } from "./underWay.js";
import { VideoScorer } from "./videoScorer.js";

/**
 * Loads a model and makes it ready to score. Everything that is wrong with the model, the presets or the options comes
 * to light here, before the first picture.
 * @throws {TonescoreError} `ERR_MODEL_NOT_FOUND`, `ERR_MODEL_INVALID`, `ERR_MMPROJ_MISMATCH`, `ERR_NO_VISION`,
 * `ERR_NATIVE_LOAD`, `ERR_PRESET`, `ERR_CHAT_TEMPLATE`, `ERR_ANSWER_TOKENS`, `ERR_INVALID_ARGUMENT`, `ERR_ABORTED`
 */
export async function createScorer(options: ScorerOptions = {}): Promise<Scorer> {
  checkOptions(options);
  const files = await resolveModel(options.model, options.mmproj);
  const presets = await choosePresets(options);
  const template = await readTemplate(options.template);
  // sharp's libraries are loaded here while the model's thread reads the weights.
  const [inference, { decodeImage }] = await Promise.all([
    Inference.open(files, options),
    import("./media/image.js"),
  ]);
  try {
    const image = new PreparedPreset(presets.image, inference.model, template);
    const video = new PreparedPreset(presets.video, inference.model, template);
    const pictures = new PictureScorer(image, options, decodeImage);
    const videos = new VideoScorer(inference, video, options);
    return new Scorer(inference, pictures, videos, () => makeHeader(files, inference, image, video));
  } catch (error) {
    await inference.close();
    throw error;
  }
}

/** A loaded model that scores pictures and videos. Close it, or declare it with `await using`. */
export class Scorer implements AsyncDisposable {
  readonly #inference: Inference;
  readonly #pictures: PictureScorer;
  readonly #videos: VideoScorer;
  readonly #makeHeader: () => Promise<RunHeader>;
  readonly #underWay = new UnderWay();
  #header: Promise<RunHeader> | undefined;
  #closed: Promise<void> | undefined;

  /** Made by {@link createScorer}. */
  constructor(
    inference: Inference,
    pictures: PictureScorer,
    videos: VideoScorer,
    header: () => Promise<RunHeader>,
  ) {
    this.#inference = inference;
    this.#pictures = pictures;
    this.#videos = videos;
    this.#makeHeader = header;
  }

  /**
   * Scores one picture: a file, an encoded picture in memory, or RGB pixels, which must not change until it is done.
   * @throws {TonescoreError} `ERR_IMAGE_DECODE` and others of the input, `ERR_CONTEXT_SIZE`, `ERR_ABORTED`
   */
  scoreImage(source: ImageSource, options: ScoreOptions = {}): Promise<ImageResult> {
    const { signal } = options;
    return this.#underWay.run(() => this.#pictures.score(source, this.#inference.alone, signal));
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
        this.#pictures.score(source, lanes, options.signal),
      ),
    );
  }

  /**
   * Scores a video, a file or a stream, frame by frame as it is decoded, and pools the frames.
   * @throws {TonescoreError} `ERR_FFMPEG_NOT_FOUND`, `ERR_VIDEO_NO_STREAM`, `ERR_VIDEO_DECODE`, `ERR_ABORTED`, …
   */
  async scoreVideo(source: string | Readable, options: VideoOptions = {}): Promise<VideoResult> {
    checkVideoOptionNames(options);
    return this.#underWay.run(() => this.#videos.score(source, options));
  }

  /** As {@link scoreImages}, for pictures and videos together, as {@link findInputs} lists them. */
  async *scoreAll(
    inputs: Iterable<Input> | AsyncIterable<Input>,
    options: VideoOptions = {},
  ): AsyncGenerator<Result, void, undefined> {
    checkVideoOptionNames(options);
    const lanes = await this.#inference.lanesFor(inputs);
    yield* mapOrdered(inputs, atOnce(lanes), (input) => {
      if ("error" in input) return Promise.resolve(errorResult({ path: input.path }, input.error));
      const { path, size, mtimeMs, kind } = input;
      const info = { path, size, mtimeMs };
      return this.#guarded(info, options.signal, async () => {
        const source = path === STDIN ? process.stdin : path;
        const result = await (kind === "image"
          ? this.#pictures.score(path, lanes, options.signal)
          : this.#videos.score(source, options));
        return { ...result, input: { ...info, ...result.input } };
      });
    });
  }

  /** What all results of this scorer have in common. Reads the model files through, for their hashes, on first use. */
  header(): Promise<RunHeader> {
    return (this.#header ??= this.#makeHeader());
  }

  /** Waits for what is under way, then frees the model's memory. */
  close(): Promise<void> {
    return (this.#closed ??= this.#underWay.close().then(() => this.#inference.close()));
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

/** Each lane has a picture to work on, and the next one is being decoded. */
const atOnce = (lanes: Lanes): number => lanes.count + 1;
