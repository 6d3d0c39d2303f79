import type { RgbImage, Size } from "../picture.js";

/** A part of a picture, in its pixels. */
export interface Place extends Size {
  readonly left: number;
  readonly top: number;
}

interface Cropping {
  /** At most so many. */
  readonly crops: number;
  readonly side: number;
}

/** As few starts of parts as cover a length, evenly spread from one end to the other. */
function starts(length: number, side: number): number[] {
  const count = Math.ceil(length / side);
  return Array.from({ length: count }, (_, i) =>
    count === 1 ? 0 : Math.round((i * (length - side)) / (count - 1)),
  );
}

/** The parts of this side, or of the picture's where that is shorter, that together cover it. */
function placesIn({ width, height }: Size, side: number): Place[] {
  const size = { width: Math.min(width, side), height: Math.min(height, side) };
  return starts(height, side).flatMap((top) => starts(width, side).map((left) => ({ left, top, ...size })));
}

/** At most how many crops a picture has; none where it is no larger than one. */
export function mostCrops({ width, height }: Size, { crops, side }: Cropping): number {
  const there = Math.ceil(width / side) * Math.ceil(height / side);
  return there > 1 ? Math.min(crops, there) : 0;
}

/** Of that many pixels every seventh row is looked at, of larger pictures fewer: this is done on the main thread. */
const PIXELS_A_STEP = 16e6;

/** Odd, so prime to the 8 of JPEG's blocks: the rows fall on their edges no more often than on what is inside. */
const rowStep = ({ width, height }: Size): number => 7 + 8 * Math.floor((width * height) / PIXELS_A_STEP);

/** The mean difference between neighbours, in green, which is most of lightness. Whole numbers: the same sum anywhere. */
function detailOf({ data, width }: RgbImage, place: Place, step: number): number {
  let sum = 0;
  let count = 0;
  for (let y = place.top; y < place.top + place.height - 1; y += step) {
    const first = 3 * (y * width + place.left) + 1;
    const end = first + 3 * (place.width - 1);
    for (let at = first; at < end; at += 3) {
      const here = data[at] ?? 0;
      sum += Math.abs((data[at + 3] ?? 0) - here) + Math.abs((data[at + 3 * width] ?? 0) - here);
      count++;
    }
  }
  return count > 0 ? sum / count : 0;
}

/** What the two share is more than half of one. */
const overlap = (a: Place, b: Place): boolean =>
  2 * Math.max(0, a.width - Math.abs(a.left - b.left)) * Math.max(0, a.height - Math.abs(a.top - b.top)) >
  a.width * a.height;

/** The parts that show most detail, the most detailed first: there blur, noise and compression are seen, or nowhere. */
export function chooseCrops(image: RgbImage, cropping: Cropping): Place[] {
  const most = mostCrops(image, cropping);
  if (most === 0) return [];
  const step = rowStep(image);
  const ranked = placesIn(image, cropping.side)
    .map((place) => ({ place, detail: detailOf(image, place, step) }))
    .sort((a, b) => b.detail - a.detail);
  const chosen: Place[] = [];
  for (const { place } of ranked) {
    if (chosen.length === most) break;
    if (!chosen.some((other) => overlap(other, place))) chosen.push(place);
  }
  return chosen;
}

/** A part of a picture in memory of its own. */
export function cut({ data, width: rowWidth }: RgbImage, { left, top, width, height }: Place): RgbImage {
  const part = new Uint8Array(3 * width * height);
  for (let row = 0; row < height; row++) {
    const from = 3 * ((top + row) * rowWidth + left);
    part.set(data.subarray(from, from + 3 * width), 3 * width * row);
  }
  return { width, height, data: part };
}
