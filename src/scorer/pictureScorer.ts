import { Budget } from "../util/budget.js";
import { freeMemory } from "../native/freeMemory.js";
import { openSource, type OpenedUrl, ownSource } from "../media/inputs/imageSource.js";
import type { SessionPool } from "./sessionPool.js";
import type { decodeImage, ImageOptions } from "../media/image/decodeImage.js";
import type { Picture, Size } from "../media/picture.js";
import { mostCrops } from "../media/image/crops.js";
import { lookAt } from "./lookAt.js";
import type { ResolvedScorerOptions } from "./options.js";
import { pixelsHeld, pixelsHeldWithCrops } from "./pixelsHeld.js";
import type { PreparedPreset } from "./preparedPreset.js";
import type { ImageResult, InputInfo } from "../results/result.js";
import { imageResult } from "../results/build.js";
import { type Views, viewsOf } from "../scoring/views.js";

/** How inputs are decoded and judged. */
export interface Manner extends Pick<ResolvedScorerOptions, "ffmpeg" | "trustThreshold" | "scale"> {
  /** In memory at once, of all pictures and frames together. */
  readonly pixels: Budget;
}

/** How pictures are looked at, and what they may take. */
interface Looking {
  readonly views: Views;
  /** How many may be read and decoded at once. */
  readonly atOnce: number;
  /** See `ImageOptions`. */
  readonly enough?: number;
  /** Whether a picture is decoded at its own size wherever there is room for it. */
  readonly atOwnSize: boolean;
  readonly onWarning: (text: string) => void;
}

/** Scores single pictures. However many are asked for at once, few are held in memory. */
export class PictureScorer {
  /** How many files are read and decoded at once; the pixels of all have a budget of their own. */
  readonly #turns: Budget;
  #warned = false;

  constructor(
    readonly manner: Manner,
    readonly decode: typeof decodeImage,
    readonly looking: Looking,
  ) {
    this.#turns = new Budget(looking.atOnce);
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
    const { views } = this.looking;
    const withCrops = (size: Size): number => pixelsHeldWithCrops(size, presets, views);
    const hasRoom = (size: Size): boolean => withCrops(size) <= pixels.total;
    const own = this.#turns.has(1) ? ownSource(source) : undefined; // what begins at once is safe from the call on
    const done = await this.#turns.take(1, signal);
    let release = (): void => undefined;
    let picture: Picture | undefined;
    try {
      const reserve = async (size: Size): Promise<void> => {
        const held = hasRoom(size) ? withCrops(size) : pixelsHeld(size, presets, pixels.total);
        release = await pixels.take(held, signal);
      };
      const opened = await openSource(own ?? ownSource(source));
      let again: (() => Promise<Picture>) | undefined;
      if (typeof opened === "string" || opened instanceof Uint8Array) {
        picture = await this.#decode(opened, { reserve, atOwnSize: hasRoom, signal });
        again = () => this.#decode(opened, { atOwnSize: hasRoom, signal });
      } else {
        await reserve(opened);
        picture = opened;
      }
      // Crops of a picture that was decoded smaller would not show it at its own size.
      const hasAll = picture.original === undefined && hasRoom(picture);
      if (!hasAll) this.#warnOfWhole(picture.original ?? picture);
      const used = hasAll ? views : viewsOf("whole");
      const options = { trustThreshold, signal, again };
      const judgements = await lookAt(picture, used, await sessions(), presets, options);
      return judgements.map((judgement) => {
        const { preset, shown, score } = judgement;
        return imageResult(info, shown, score, { preset, scale }, judgement.views);
      });
    } finally {
      if (picture) freeMemory(picture.data);
      release();
      done();
    }
  }

  /** Once: in a folder of photographs it is the same for all. */
  #warnOfWhole(size: Size): void {
    const { onWarning, views } = this.looking;
    if (this.#warned || mostCrops(size, views) === 0) return;
    this.#warned = true;
    onWarning(
      `A picture of ${size.width} × ${size.height} pixels is looked at as a whole alone, and so are others like it: ` +
        `at its own size, with its crops, it does not fit into ${this.manner.pixels.total} pixels. ` +
        "Allow more with --max-pixels (library: maxPixels).",
    );
  }

  #decode(
    source: string | Uint8Array,
    { atOwnSize, ...options }: Pick<ImageOptions, "reserve" | "atOwnSize" | "signal">,
  ): Promise<Picture> {
    const { pixels, ffmpeg } = this.manner;
    const { enough, atOwnSize: wherePossible } = this.looking;
    return this.decode(source, {
      ...{ ...options, ffmpeg, enough, maxPixels: pixels.total },
      ...(wherePossible && { atOwnSize }),
    });
  }
}
