import type { Size } from "../picture.js";
import { type Colour, isHdr, linearLightEnds, needsLinearLight, plainMatrix } from "./colour.js";

/**
 * BT.2408 puts HDR's reference white, the brightness of a white page, at 203 nits. It becomes 1.0 before
 * tone-mapping; highlights are mapped from up to 1000 nits, what most HDR is mastered for, and clip above.
 */
export const REFERENCE_WHITE = 203;
export const HIGHLIGHTS = 1000 / REFERENCE_WHITE;

const scaled = (to: Size | undefined): string => (to ? `w=${to.width}:h=${to.height}:` : "");

/** Exact enough to be the same on every processor: swscale's fast paths differ from one to the next. */
const direct = (colour: Colour, from: Size, to: Size | undefined): string =>
  `scale=${scaled(to)}in_color_matrix=${plainMatrix(colour, from.width, from.height)}:flags=bicubic+accurate_rnd+full_chroma_int+bitexact`;

/** To linear light, into sRGB's gamut, highlights compressed where there are any, and to sRGB's curve. */
function throughLinearLight(colour: Colour, to: Size | undefined, alpha: boolean): string {
  const { source, curve } = linearLightEnds(colour);
  return [
    `setparams=colorspace=${source.matrix}:color_trc=${source.transfer}:color_primaries=${source.primaries}`,
    `zscale=${scaled(to)}f=bicubic:t=linear:npl=${REFERENCE_WHITE}`,
    `format=${alpha ? "gbrapf32le" : "gbrpf32le"}`,
    "zscale=p=bt709",
    ...(isHdr(colour) ? [`tonemap=mobius:peak=${HIGHLIGHTS.toFixed(4)}:desat=0`] : []),
    `zscale=t=${curve}:r=full`,
    `format=${alpha ? "gbrap" : "gbrp"}`,
  ].join(",");
}

/** Transparency shows the page behind it, which is white. */
const ON_WHITE =
  "format=rgba,split[over][page];[page]lutrgb=r=255:g=255:b=255:a=255[white];[white][over]overlay=format=gbrp";

/**
 * The filters that bring pictures of a size and colour to 8-bit sRGB, at another size where one is given, and
 * onto a white page where they have transparency. Made of numbers and of closed lists of names only.
 */
export function srgbFilters(colour: Colour, from: Size, to?: Size, alpha = false): string {
  return [
    needsLinearLight(colour) ? throughLinearLight(colour, to, alpha) : direct(colour, from, to),
    ...(alpha ? [ON_WHITE] : []),
    "format=rgb24",
  ].join(",");
}
