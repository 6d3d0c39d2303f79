import type { StreamInfo } from "./probe.js";

/**
 * BT.2408 puts HDR's reference white, the brightness of a white page, at 203 nits. It becomes 1.0 before
 * tone-mapping; highlights are mapped from up to 1000 nits, what most HDR is mastered for, and clip above.
 */
const REFERENCE_WHITE = 203;
const PEAK = 1000 / REFERENCE_WHITE;

const hdrTransfers = new Set(["smpte2084", "arib-std-b67"]);
const wideGamuts = new Set(["bt2020", "smpte431", "smpte432"]);

export const isHdr = ({ transfer }: Pick<StreamInfo, "transfer">): boolean => hdrTransfers.has(transfer);
export const isWideGamut = ({ primaries }: Pick<StreamInfo, "primaries">): boolean =>
  wideGamuts.has(primaries);

/** Non-square pixels become square by stretching one side, never by shrinking the other. */
const SQUARE = "w='round(iw*max(1,sar))':h='round(ih/min(1,sar))'";

/** What swscale calls the matrices that streams name. */
const matrices: Readonly<Record<string, string>> = {
  bt709: "bt709",
  fcc: "fcc",
  bt470bg: "bt601",
  smpte170m: "bt601",
  smpte240m: "smpte240m",
  bt2020nc: "bt2020",
  bt2020c: "bt2020",
};

/** ffmpeg takes BT.601 for every stream that does not say. Players take BT.709 above standard definition. */
function matrixOf({ matrix, width, height }: StreamInfo): string {
  const big = Math.max(width, height) > 1024 || Math.min(width, height) > 576;
  return matrices[matrix] ?? (big ? "bt709" : "bt601");
}

/** Exact enough to be the same on every processor: swscale's fast paths differ from one to the next. */
const toRgb = (info: StreamInfo): string =>
  `scale=${SQUARE}:in_color_matrix=${matrixOf(info)}:flags=bicubic+accurate_rnd+full_chroma_int+bitexact`;

/** To linear light, into sRGB's gamut, highlights compressed where there are any, and to sRGB's curve. */
function throughLinearLight(info: StreamInfo): string {
  const hdr = isHdr(info);
  // SDR video goes in and out by one curve, so that it looks as it does without this detour.
  const transferIn = hdr ? info.transfer : "bt709";
  const transferOut = hdr ? "iec61966-2-1" : "bt709";
  const matrix = info.matrix in matrices || info.matrix === "gbr" ? info.matrix : "bt2020nc";
  const primaries = info.primaries === "unknown" ? "bt2020" : info.primaries;
  return [
    `zscale=${SQUARE}:f=bicubic:tin=${transferIn}:pin=${primaries}:min=${matrix}:t=linear:npl=${REFERENCE_WHITE}`,
    "format=gbrpf32le",
    "zscale=p=bt709",
    ...(hdr ? [`tonemap=mobius:peak=${PEAK.toFixed(4)}:desat=0`] : []),
    `zscale=t=${transferOut}:r=full`,
    "format=gbrp",
  ].join(",");
}

/**
 * The way from decoded frames to those that are asked for, as square-pixelled sRGB. Deinterlacing needs every
 * frame; all else is done to chosen frames only, and showinfo reports each of them before it is changed.
 */
export function filterGraph(info: StreamInfo, select: string): string {
  return [
    ...(info.interlaced ? ["bwdif=mode=send_frame:deint=interlaced"] : []),
    `select='${select}'`,
    "showinfo",
    isHdr(info) || isWideGamut(info) ? throughLinearLight(info) : toRgb(info),
    "format=rgb24",
  ].join(",");
}

/** What the filters do to every frame, as {@link filterGraph} makes them. */
export function treatmentOf(info: StreamInfo): string[] {
  const steps: string[] = [];
  if (info.rotation !== 0) steps.push(`rotated ${info.rotation}`);
  if (info.interlaced) steps.push("deinterlaced");
  if (isHdr(info)) steps.push("tone-mapped");
  if (isWideGamut(info)) steps.push(`${info.primaries}→srgb`);
  return steps;
}
