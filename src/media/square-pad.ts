import sharp from "sharp";
import type { Picture } from "./picture.js";

/** Pads to a square, the picture in the middle, as LLaVA-1.5's reference does before it resizes. */
export async function padToSquare(
  picture: Picture,
  [r, g, b]: readonly [number, number, number],
): Promise<Picture> {
  const { width, height, data, treatment } = picture;
  const side = Math.max(width, height);
  if (width === height) return picture;
  const left = Math.floor((side - width) / 2);
  const top = Math.floor((side - height) / 2);
  const padded = await sharp(data, { raw: { width, height, channels: 3 } })
    .extend({
      left,
      top,
      right: side - width - left,
      bottom: side - height - top,
      background: { r, g, b },
    })
    .raw()
    .toBuffer();
  return {
    width: side,
    height: side,
    data: padded,
    treatment: [...treatment, `square-padded ${r},${g},${b}`],
  };
}
