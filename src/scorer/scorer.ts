import type { Readable } from "node:stream";
import { checkArgument, kind } from "../util/arguments.js";
import type { PreparedPair } from "./makeHeaders.js";
import { type ImageSource, pathOfUrl } from "../media/inputs/imageSource.js";
import type { InputLike } from "../media/inputs/inputLike.js";
import type { Inference } from "./inference.js";
import { InputScorer } from "./inputScorer.js";
import { picturesAtOnce, type SessionPool } from "./sessionPool.js";
import { statPath } from "../media/inputs/source.js";
import { checkScoreOptions, resolveVideoOptions, type ScoreOptions, type VideoOptions } from "./options.js";
import { mapOrdered } from "../util/mapOrdered.js";
import type { PictureScorer } from "./pictureScorer.js";
import type {
  ErrorResult,
  ImageResult,
  InputInfo,
  Result,
  RunHeader,
  VideoResult,
} from "../results/result.js";
import { UnderWay } from "../util/underWay.js";
import type { VideoScorer } from "./videoScorer.js";

/** What a scorer is made of; made by `createScorer`. */
interface Parts {
  readonly inference: Inference;
  /** The scorer's own first, then those of `alsoPresets`. */
  readonly presets: readonly PreparedPair[];
  readonly pictures: PictureScorer;
  readonly videos: VideoScorer;
  readonly makeHeaders: () => Promise<RunHeader[]>;
}

type Many<T> = Iterable<T> | AsyncIterable<T>;

/** Texts and bytes can be iterated too, and never mean many inputs. */
const many = kind<Many<unknown>>(
  "an array or another iterable",
  (value) =>
    typeof value === "object" &&
    value !== null &&
    !ArrayBuffer.isView(value) &&
    (Symbol.iterator in value || Symbol.asyncIterator in value),
);

/** A loaded model that scores pictures and videos. Close it, or declare it with `await using`. */
export class Scorer implements AsyncDisposable {
  readonly #parts: Parts;
  readonly #underWay = new UnderWay();
  readonly #inputs: InputScorer;
  #headers: Promise<RunHeader[]> | undefined;
  #closed: Promise<void> | undefined;

  /** Made by `createScorer`. */
  constructor(parts: Parts) {
    this.#parts = parts;
    this.#inputs = new InputScorer(parts.pictures, parts.videos, this.#underWay);
  }

  /**
   * Scores one picture: a file, an encoded picture in memory, or RGB pixels, which must not change until it is done.
   * @throws {TonescoreError} `ERR_IMAGE_DECODE` and others of the input, `ERR_CONTEXT_SIZE`, `ERR_ABORTED`
   */
  async scoreImage(source: ImageSource, options: ScoreOptions = {}): Promise<ImageResult> {
    checkScoreOptions(options);
    const { inference } = this.#parts;
    return this.#underWay.run(() => this.#scoreImage(source, () => inference.alone(), options.signal));
  }

  /**
   * Scores pictures as they come, one result for each, in their order. A bad one gives an {@link ErrorResult} and ends
   * nothing. The next pictures are decoded while one is scored; memory is bounded whatever their number.
   */
  async *scoreImages(
    sources: Many<ImageSource>,
    options: ScoreOptions = {},
  ): AsyncGenerator<ImageResult | ErrorResult, void, undefined> {
    checkArgument("the pictures", sources, many);
    checkScoreOptions(options);
    const sessions = await this.#parts.inference.sessionsFor(sources);
    yield* mapOrdered(sources, picturesAtOnce(sessions.count), (source) =>
      this.#inputs.guarded(typeof source === "string" ? { path: source } : {}, options.signal, () =>
        this.#scoreImage(source, () => sessions, options.signal),
      ),
    );
  }

  /**
   * Scores a video, a file or a stream, frame by frame as it is decoded, and pools the frames.
   * @throws {TonescoreError} `ERR_FFMPEG_NOT_FOUND`, `ERR_VIDEO_NO_STREAM`, `ERR_VIDEO_DECODE`, `ERR_ABORTED`, …
   */
  async scoreVideo(source: string | URL | Readable, options: VideoOptions = {}): Promise<VideoResult> {
    const resolved = resolveVideoOptions(options);
    const opened = source instanceof URL ? pathOfUrl(source) : source;
    const { videos, presets } = this.#parts;
    const { video } = first(presets);
    return this.#underWay.run(async () => first(await videos.score(opened, [video], resolved)));
  }

  /** As {@link scoreImages}, for pictures and videos together, as {@link findInputs} lists them. */
  async *scoreAll(
    inputs: Many<InputLike>,
    options: VideoOptions = {},
  ): AsyncGenerator<Result, void, undefined> {
    const own = this.#parts.presets.slice(0, 1);
    for await (const results of this.#scoreInputs(inputs, own, options)) yield first(results);
  }

  /**
   * As {@link scoreAll}, with a result for each preset: the scorer's own, then those of the option `alsoPresets`. The
   * picture is encoded once, so further presets cost little.
   */
  async *scoreAllByPreset(
    inputs: Many<InputLike>,
    options: VideoOptions = {},
  ): AsyncGenerator<Result[], void, undefined> {
    yield* this.#scoreInputs(inputs, this.#parts.presets, options);
  }

  /** What all results of this scorer have in common. Reads the model files through, for their hashes, on first use. */
  async header(): Promise<RunHeader> {
    return first(await this.headersByPreset());
  }

  /** The headers that belong to {@link scoreAllByPreset}. */
  headersByPreset(): Promise<RunHeader[]> {
    return (this.#headers ??= this.#parts.makeHeaders());
  }

  /** Waits for what is under way, then frees the model's memory. */
  close(): Promise<void> {
    return (this.#closed ??= this.#underWay.close().then(() => this.#parts.inference.close()));
  }

  async #scoreImage(
    source: ImageSource,
    sessions: () => SessionPool | Promise<SessionPool>,
    signal: AbortSignal | undefined,
  ): Promise<ImageResult> {
    const { pictures, presets } = this.#parts;
    const opened = source instanceof URL ? pathOfUrl(source) : source;
    const info = typeof opened === "string" ? await fileInfo(opened) : {};
    return first(await pictures.score(opened, info, [first(presets).image], sessions, signal));
  }

  async *#scoreInputs(
    inputs: Many<InputLike>,
    presets: readonly PreparedPair[],
    given: VideoOptions,
  ): AsyncGenerator<Result[], void, undefined> {
    checkArgument("the inputs", inputs, many);
    const options = resolveVideoOptions(given);
    const sessions = await this.#parts.inference.sessionsFor(inputs);
    const { stop } = options;
    yield* mapOrdered(
      stop ? untilStopped(inputs, stop) : inputs,
      picturesAtOnce(sessions.count),
      async (item) => {
        const results = await this.#inputs.score(item, presets, sessions, options);
        return Array.isArray(results) ? results : presets.map(() => results);
      },
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

async function* untilStopped<T>(inputs: Many<T>, stop: AbortSignal): AsyncGenerator<T, void, undefined> {
  for await (const input of inputs) {
    if (stop.aborted) return;
    yield input;
  }
}

/** As the file is before it is read. */
async function fileInfo(path: string): Promise<InputInfo> {
  const { size, mtimeMs } = await statPath(path);
  return { path, size, mtimeMs };
}

/** There is always at least the scorer's own preset. */
function first<T>([value]: readonly T[]): T {
  return value as T;
}
