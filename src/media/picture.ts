import type { Release } from "../util/budget.js";

/** In pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A decoded picture: 8-bit sRGB, rows top to bottom, RGBRGB…, no padding. */
export interface RgbImage extends Size {
  readonly data: Uint8Array;
}

/**
 * What was done to a picture before the model saw it, in order. A step that is absent did not happen.
 *
 * Pictures: `first of 12 frames`, `orientation`, `shrunk 8192x6144→2048x1536`, `tone-mapped`, `bt2020→srgb` (or another
 * wide gamut), `gamma 1→srgb`, `primaries→srgb`, `icc→srgb`, `cmyk→srgb`, `16-bit→8-bit`, `alpha-flattened`.
 * Video frames: `mirrored` (left and right exchanged), `flipped` (top and bottom), `rotated 90` (clockwise),
 * `deinterlaced`, `tone-mapped`, `linear→srgb` (or a logarithmic curve), `bt2020→srgb` (or another wide gamut),
 * `alpha-flattened`, `square-pixels`, `resized 320x240→640x480` (a clip whose size changes midway keeps its first
 * size).
 * Both: `square-padded 122,116,104`, `centre-cut 300x200→200x200`.
 */
export type Treatment = readonly string[];

export interface Picture extends RgbImage {
  /** The size of the file's picture, upright, where it was decoded smaller. */
  readonly original?: Size;
  readonly treatment: Treatment;
}

/** Asks for the memory of a picture of a size, and waits for it. */
export type Reserve = (size: Size) => Promise<Release>;

export const unbounded: Reserve = () => Promise.resolve(() => undefined);

/** With the memory that it takes: whoever has it last lets go of that. */
export type Held<T> = T & { readonly release: Release };

/** A frame of a video. */
export interface Frame extends Held<Picture> {
  /** Seconds from the start of the clip, as a player shows it. */
  readonly time: number;
  /** Position among the frames that were asked for: 0, 1, 2, … */
  readonly index: number;
}
