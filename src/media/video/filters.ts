import { colourTreatment } from "../colour/colour.js";
import type { StreamInfo } from "./probe.js";
import { srgbFilters } from "../colour/toSrgb.js";

/** From version 7.1 on the scaler refuses colours that it does not know; here only the size counts. */
const ANY_COLOUR = "setparams=colorspace=bt709";

/** Sides that a frame would have with square pixels, as the length of a line of grey samples. */
const WIDTH = `${ANY_COLOUR},scale=w='clip(round(iw*max(1,sar)),1,65535)':h=1:flags=neighbor,format=gray`;
const HEIGHT = `${ANY_COLOUR},scale=w=1:h='clip(round(ih/min(1,sar)),1,65535)':flags=neighbor,format=gray`;

/**
 * The way from decoded frames to those that are asked for, as square-pixelled sRGB, and beside each two lines that
 * measure it as it came. Deinterlacing needs every frame; all else is done to chosen frames only.
 */
export function filterGraph(info: StreamInfo, select: string): string {
  const chosen = [
    ...(info.interlaced ? ["bwdif=mode=send_frame:deint=interlaced"] : []),
    `select='${select}'`,
    "split=3[line][column][frame]",
  ];
  return [
    `[${info.specifier}]${chosen.join(",")}`,
    `[line]${WIDTH}[widths]`,
    `[column]${HEIGHT}[heights]`,
    `[frame]${srgbFilters(info.colour, info.stored, info.size, info.hasAlpha)}[pictures]`,
  ].join(";");
}

/** What the filters do to every frame, as {@link filterGraph} makes them. */
export const treatmentOf = (info: StreamInfo): string[] => [
  ...info.orientation,
  ...(info.interlaced ? ["deinterlaced"] : []),
  ...colourTreatment(info.colour),
  ...(info.hasAlpha ? ["alpha-flattened"] : []),
];
