import { Budget } from "../util/budget.js";
import { freeMemory } from "../native/freeMemory.js";
import { groupBy } from "../util/groupBy.js";
import { openSource, type OpenedUrl, ownSource } from "../media/inputs/imageSource.js";
import type { SessionPool } from "./sessionPool.js";
import type { decodeImage } from "../media/image/decodeImage.js";
import { tooManyPixels } from "../media/maxPixels.js";
import type { Picture, Size } from "../media/picture.js";
import { padToSquare } from "../media/image/squarePad.js";
import type { ResolvedScorerOptions } from "./options.js";
import type { PreparedPreset } from "./preparedPreset.js";
import type { ImageResult, InputInfo } from "../results/result.js";
import { imageResult } from "../results/build.js";
import { scoreLogits, type Score } from "../scoring/score.js";

/** What one preset said, and the picture that its model was shown. */
export interface Judgement {
  readonly preset: string;
  readonly shown: Picture;
  readonly score: Score;
}

/**
 * The pixels that are held to score a picture of this size: its own and, where a preset pads it, those of the square.
 * @throws {TonescoreError} `ERR_IMAGE_TOO_LARGE` where they can never be had.
 */
export function pixelsHeld(
  { width, height }: Size,
  presets: readonly PreparedPreset[],
  maxPixels: number,
): number {
  const padded = width !== height && presets.some(({ preset }) => preset.picture.squarePad);
  const pixels = width * height + (padded ? Math.max(width, height) ** 2 : 0);
  if (pixels <= maxPixels) return pixels;
  const square = padded ? ` and is padded to a square by its preset, ${pixels} together` : "";
  throw tooManyPixels(maxPixels, `the picture has ${width} × ${height}${square}`);
}

interface JudgeOptions {
  readonly trustThreshold?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Makes the picture once more; see `ReadOptions`. */
  readonly again?: (() => Promise<Picture>) | undefined;
}

/**
 * Applies each preset's treatment, asks the model, and scores what it said. One encoding serves all that agree. The
 * picture's memory goes as soon as the last has it.
 */
export async function scorePicture(
  sessions: SessionPool,
  presets: readonly PreparedPreset[],
  picture: Picture,
  options: JudgeOptions,
): Promise<Judgement[]> {
  const { trustThreshold, signal, again } = options;
  const judgements = new Map<PreparedPreset, Judgement>();
  const groups = groupBy(presets, ({ preset }) => JSON.stringify(preset.picture));
  try {
    for (const [index, alike] of groups.entries()) {
      const { squarePad } = alike[0].preset.picture;
      const treated = (upright: Picture): Picture => (squarePad ? padToSquare(upright, squarePad) : upright);
      const shown = treated(picture);
      const isLast = shown !== picture || index + 1 === groups.length;
      const onTaken = (): void => {
        freeMemory(shown.data);
      };
      const given = { onTaken, again: again && (async () => treated(await again())) };
      const readings = await sessions.read(shown, alike, { signal, ...(isLast && given) });
      if (isLast) onTaken();
      for (const [one, reading] of readings) {
        const { preset, learned } = one;
        const score = scoreLogits(preset, reading, trustThreshold, learned);
        judgements.set(one, { preset: preset.name, shown, score });
      }
    }
  } finally {
    freeMemory(picture.data);
  }
  return presets.flatMap((preset) => judgements.get(preset) ?? []);
}

/** How inputs are decoded and judged. */
export interface Manner extends Pick<ResolvedScorerOptions, "ffmpeg" | "trustThreshold" | "scale"> {
  /** In memory at once, of all pictures and frames together. */
  readonly pixels: Budget;
}

/** What pictures may take. */
interface Limits {
  /** How many may be read and decoded at once. */
  readonly atOnce: number;
  /** See `ImageOptions`. */
  readonly enough?: number;
}

/** Scores single pictures. However many are asked for at once, few are held in memory. */
export class PictureScorer {
  /** How many files are read and decoded at once; the pixels of all have a budget of their own. */
  readonly #turns: Budget;

  constructor(
    readonly manner: Manner,
    readonly decode: typeof decodeImage,
    readonly limits: Limits,
  ) {
    this.#turns = new Budget(limits.atOnce);
  }

  /**
   * A result for each preset.
   * @param info what is known of the source, for the results.
   * @param sessions asked for once there is a picture for them.
   */
  async score(
    source: OpenedUrl,
    info: InputInfo,
    presets: readonly PreparedPreset[],
    sessions: () => SessionPool | Promise<SessionPool>,
    signal?: AbortSignal,
  ): Promise<ImageResult[]> {
    const { trustThreshold, scale, pixels } = this.manner;
    const own = this.#turns.has(1) ? ownSource(source) : undefined; // what begins at once is safe from the call on
    const done = await this.#turns.take(1, signal);
    let release = (): void => undefined;
    let picture: Picture | undefined;
    try {
      const reserve = async (size: Size): Promise<void> => {
        release = await pixels.take(pixelsHeld(size, presets, pixels.total), signal);
      };
      const opened = await openSource(own ?? ownSource(source));
      let again: (() => Promise<Picture>) | undefined;
      if (typeof opened === "string" || opened instanceof Uint8Array) {
        picture = await this.#decode(opened, signal, reserve);
        again = () => this.#decode(opened, signal);
      } else {
        await reserve(opened);
        picture = opened;
      }
      const options = { trustThreshold, signal, again };
      const judgements = await scorePicture(await sessions(), presets, picture, options);
      return judgements.map(({ preset, shown, score }) => imageResult(info, shown, score, { preset, scale }));
    } finally {
      if (picture) freeMemory(picture.data);
      release();
      done();
    }
  }

  #decode(
    source: string | Uint8Array,
    signal: AbortSignal | undefined,
    reserve?: (size: Size) => Promise<void>,
  ): Promise<Picture> {
    const { pixels, ffmpeg } = this.manner;
    const { enough } = this.limits;
    return this.decode(source, { maxPixels: pixels.total, ffmpeg, signal, reserve, enough });
  }
}
