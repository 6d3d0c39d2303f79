import type { Picture, Size } from "../picture.js";
import { cut } from "./crops.js";
import { resample } from "./resample.js";

/** sRGB levels, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** How a picture becomes a square before the model's own preprocessing; it stays as it is where neither is said. */
export interface Squaring {
  /** Padded with this colour, the picture in the middle. */
  readonly squarePad?: Colour;
  /** Cut to the square in its middle. */
  readonly centreCut?: true;
  /** The side that the model is shown, where it is always the same. */
  readonly side?: number;
}

/** The pixels held for the square that a picture of this size becomes; 0 where it stays what it is. */
export function pixelsOfSquare({ width, height }: Size, { squarePad, centreCut, side }: Squaring): number {
  if (width === height) return 0;
  if (centreCut) return side === undefined ? Math.min(width, height) ** 2 : side * (height + side);
  return squarePad ? Math.max(width, height) ** 2 : 0;
}

/** The picture as it is to be shown, in memory of its own where it is another one. */
export function toSquare(picture: Picture, { squarePad, centreCut, side }: Squaring): Picture {
  if (picture.width === picture.height) return picture;
  if (centreCut) return cutToSquare(picture, side);
  return squarePad ? padToSquare(picture, squarePad) : picture;
}

const half = (length: number): number => Math.floor(length / 2);

/** As LLaVA-1.5's reference does before it resizes. */
function padToSquare(picture: Picture, colour: Colour): Picture {
  const { width, height, data, treatment } = picture;
  const side = Math.max(width, height);
  const left = half(side - width);
  const top = half(side - height);
  const padded = Buffer.alloc(side * side * 3, Uint8Array.from(colour));
  for (let row = 0; row < height; row++) {
    padded.set(data.subarray(row * width * 3, (row + 1) * width * 3), ((top + row) * side + left) * 3);
  }
  const step = `square-padded ${colour.join()}`;
  return { ...picture, width: side, height: side, data: padded, treatment: [...treatment, step] };
}

/** As CLIP's own preprocessing does: it resizes the shorter side to the one that it is shown, and cuts then. */
function cutToSquare(picture: Picture, shown?: number): Picture {
  const { width, height, treatment } = picture;
  const shorter = Math.min(width, height);
  const side = shown ?? shorter;
  const size = { width: Math.trunc((side * width) / shorter), height: Math.trunc((side * height) / shorter) };
  const place = { left: half(size.width - side), top: half(size.height - side), width: side, height: side };
  const square = shown === undefined ? cut(picture, place) : resample(picture, size, place);
  const step = `centre-cut ${width}x${height}→${side}x${side}`;
  return { ...picture, ...square, treatment: [...treatment, step] };
}
