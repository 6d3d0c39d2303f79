import { sharp } from "./sharp.js";
import type { RgbImage } from "../picture.js";

/** How decoded pixels become upright: turned first, then mirrored. */
export interface Turning {
  /** Quarters of a circle, clockwise. */
  readonly quarters: number;
  readonly mirrored?: "left-right" | "top-bottom" | undefined;
}

/** The eight orientations of Exif (tag 274), by their number. */
const orientations: readonly Turning[] = [
  ...[{ quarters: 0 }, { quarters: 0 }, { quarters: 0, mirrored: "left-right" }, { quarters: 2 }],
  ...[{ quarters: 0, mirrored: "top-bottom" }, { quarters: 1, mirrored: "left-right" }, { quarters: 1 }],
  ...[{ quarters: 3, mirrored: "left-right" }, { quarters: 3 }],
] as readonly Turning[];

export const turningOf = (orientation = 1): Turning => orientations[orientation] ?? { quarters: 0 };

const rawOf = ({ width, height, data }: RgbImage) =>
  sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false });

/** In two steps: sharp would mirror first and turn then. */
export async function toUpright(image: RgbImage, { quarters, mirrored }: Turning): Promise<RgbImage> {
  let upright = image;
  if (quarters > 0) {
    const turned = rawOf(upright).rotate(90 * quarters);
    const { data, info } = await turned.raw().toBuffer({ resolveWithObject: true });
    upright = { width: info.width, height: info.height, data };
  }
  if (mirrored === undefined) return upright;
  const source = rawOf(upright);
  const flipped = mirrored === "left-right" ? source.flop() : source.flip();
  return { ...upright, data: await flipped.raw().toBuffer() };
}
