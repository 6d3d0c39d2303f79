import { type Held, type Reserve, type RgbImage, type Size, unbounded } from "../picture.js";
import type { Release } from "../../util/budget.js";

/** A PPM header of ffmpeg's is shorter than this; one that is not is no PPM. */
const LONGEST_HEADER = 32;

const newImage = ({ width, height }: Size, release: Release): Held<RgbImage> => ({
  width,
  height,
  data: Buffer.allocUnsafeSlow(3 * width * height),
  release,
});

function parseHeader(header: string, maxPixels: number): Size | undefined {
  const [, width, height] = /^P6\n(\d+) (\d+)\n255\n$/.exec(header) ?? [];
  const pixels = Number(width) * Number(height);
  if (pixels > maxPixels)
    throw new Error(`Expected at most ${maxPixels} pixels from ffmpeg, but received ${pixels}`);
  if (width !== undefined && height !== undefined) return { width: Number(width), height: Number(height) };
  if (header.length > LONGEST_HEADER)
    throw new Error(`Expected a PPM header from ffmpeg, but received "${header}"`);
  return undefined;
}

/**
 * Reads PPM pictures from a stream, one after another. Each byte is copied once, from the pipe's chunk into the
 * picture that it belongs to, and the next chunk is asked for when the consumer asks for the next picture. A
 * picture that the stream's end cuts short is left out, and one of more than `maxPixels` is an error. Memory for a
 * picture is asked for with `reserve`; whoever is given the picture lets it go.
 */
export async function* readPpm(
  stream: AsyncIterable<Uint8Array>,
  maxPixels = Infinity,
  reserve: Reserve = unbounded,
): AsyncGenerator<Held<RgbImage>, void, undefined> {
  let header = "";
  let image: Held<RgbImage> | undefined;
  let filled = 0;
  try {
    for await (const chunk of stream) {
      let at = 0;
      while (at < chunk.length) {
        if (!image) {
          header += String.fromCharCode(chunk[at++] ?? 0);
          const size = parseHeader(header, maxPixels);
          if (size) image = newImage(size, await reserve(size));
          continue;
        }
        const part = chunk.subarray(at, at + image.data.length - filled);
        image.data.set(part, filled);
        filled += part.length;
        at += part.length;
        if (filled < image.data.length) continue;
        const whole = image;
        [header, image, filled] = ["", undefined, 0];
        yield whole;
      }
    }
  } finally {
    image?.release();
  }
}
