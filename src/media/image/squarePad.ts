import type { Picture } from "../picture.js";

/** Pads to a square, the picture in the middle, as LLaVA-1.5's reference does before it resizes. */
export function padToSquare(picture: Picture, colour: readonly [number, number, number]): Picture {
  const { width, height, data, treatment } = picture;
  if (width === height) return picture;
  const side = Math.max(width, height);
  const left = Math.floor((side - width) / 2);
  const top = Math.floor((side - height) / 2);
  const padded = Buffer.alloc(side * side * 3, Uint8Array.from(colour));
  for (let row = 0; row < height; row++) {
    padded.set(data.subarray(row * width * 3, (row + 1) * width * 3), ((top + row) * side + left) * 3);
  }
  return {
    width: side,
    height: side,
    data: padded,
    treatment: [...treatment, `square-padded ${colour.join()}`],
  };
}
