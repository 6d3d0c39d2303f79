/**
 * What the numbers of a picture mean, by the code points of ITU-T H.273, which every codec and container uses.
 * They are kept as numbers: no text of a file goes further.
 */
export interface Colour {
  readonly matrix: number;
  readonly transfer: number;
  readonly primaries: number;
}

const UNSPECIFIED = 2;

export const NO_COLOUR: Colour = { matrix: UNSPECIFIED, transfer: UNSPECIFIED, primaries: UNSPECIFIED };

const BT709 = 1;
const SRGB_CURVE = 13;
const BT2020 = 9;

const hdrTransfers: ReadonlySet<number> = new Set([16, 18]);

/** Transfers that are no display's curve: shown as they are, such pictures would look black or washed out. */
const linearTransfers: ReadonlyMap<number, string> = new Map([
  [8, "linear"],
  [9, "log100"],
  [10, "log316"],
]);

const wideGamuts: ReadonlyMap<number, string> = new Map([
  [8, "film"],
  [BT2020, "bt2020"],
  [11, "smpte431"],
  [12, "smpte432"],
]);

/** What swscale calls the matrices that it knows. */
const plainMatrices: ReadonlyMap<number, string> = new Map([
  [1, "bt709"],
  [4, "fcc"],
  [5, "bt601"],
  [6, "bt601"],
  [7, "smpte240m"],
  [9, "bt2020"],
  [10, "bt2020"],
]);

/** Matrices that swscale takes for another and zimg knows: YCgCo, two derived from the primaries, and ICtCp. */
const intricateMatrices: ReadonlySet<number> = new Set([8, 12, 13, 14]);

const foreignMatrices: ReadonlyMap<number, string> = new Map([
  [11, "YDzDx"],
  [15, "IPT-PQ-C2"],
  [16, "YCgCo-Re"],
  [17, "YCgCo-Ro"],
]);

export const isHdr = ({ transfer }: Colour): boolean => hdrTransfers.has(transfer);

/** True where the way to sRGB leads through linear light, for which ffmpeg needs zimg. */
export const needsLinearLight = ({ matrix, transfer, primaries }: Colour): boolean =>
  hdrTransfers.has(transfer) ||
  linearTransfers.has(transfer) ||
  wideGamuts.has(primaries) ||
  intricateMatrices.has(matrix);

/** The name of colours that nothing here brings to sRGB. */
export const unknownColour = ({ matrix }: Colour): string | undefined => foreignMatrices.get(matrix);

/** ffmpeg takes BT.601 for every stream that does not say. Players take BT.709 above standard definition. */
export function plainMatrix({ matrix }: Colour, width: number, height: number): string {
  const big = Math.max(width, height) > 1024 || Math.min(width, height) > 576;
  return plainMatrices.get(matrix) ?? (big ? "bt709" : "bt601");
}

/** Both ends of the way through linear light: what the picture is taken for, and the curve that it leaves by. */
export function linearLightEnds(colour: Colour): { readonly source: Colour; readonly curve: number } {
  const { matrix, transfer, primaries } = colour;
  // The usual curves go in and out as one, so that a picture looks as it does without this detour.
  const detour = !isHdr(colour) && !linearTransfers.has(transfer);
  const curve = !detour || transfer === SRGB_CURVE ? SRGB_CURVE : BT709;
  const known = matrix === 0 || plainMatrices.has(matrix) || intricateMatrices.has(matrix);
  const gamut = isHdr(colour) && primaries === UNSPECIFIED ? BT2020 : primaries;
  return {
    source: {
      matrix: known ? matrix : BT2020,
      transfer: detour ? curve : transfer,
      primaries: wideGamuts.has(gamut) ? gamut : BT709,
    },
    curve,
  };
}

/** What {@link linearLightEnds} and the filters between them do to a picture. */
export function colourTreatment(colour: Colour): string[] {
  const linear = linearTransfers.get(colour.transfer);
  const gamut = wideGamuts.get(colour.primaries);
  return [
    ...(isHdr(colour) ? ["tone-mapped"] : []),
    ...(linear === undefined ? [] : [`${linear}→srgb`]),
    ...(gamut === undefined ? [] : [`${gamut}→srgb`]),
  ];
}
