import { type Colour, linearLightEnds } from "./colour.js";
import { type Chromaticities, gamuts, type Matrix, toBt709 } from "./gamut.js";
import { HIGHLIGHTS, REFERENCE_WHITE } from "./toSrgb.js";

/** How the numbers of a picture become sRGB, in what can be sent to another thread. */
export interface Conversion {
  /** A code point of ITU-T H.273, or the exponent that makes light of numbers. */
  readonly transfer: number | { readonly exponent: number };
  /** From linear light to that of sRGB; absent where they are the same. */
  readonly matrix?: Matrix;
  /** The code point of the curve that light leaves by. */
  readonly curve: number;
}

const PQ = 16;
const HLG = 18;
const SRGB = 13;

/** Of a colour that is stated by code points. */
export function conversionOf(colour: Colour): Conversion {
  const { source, curve } = linearLightEnds(colour);
  const gamut = gamuts.get(source.primaries);
  const matrix = gamut && toBt709(gamut);
  return { transfer: source.transfer, curve, ...(matrix && { matrix }) };
}

/** Of a PNG's gamma and primaries, where they are not those of sRGB. */
export function conversionOfGamma(gamma?: number, chromaticities?: Chromaticities): Conversion {
  const matrix = chromaticities && toBt709(chromaticities);
  const transfer = gamma === undefined ? SRGB : { exponent: 1 / gamma };
  return { transfer, curve: SRGB, ...(matrix && { matrix }) };
}

const fromPq = (value: number): number => {
  const power = value ** (32 / 2523);
  return (
    ((Math.max(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)) ** (16384 / 2610) * 10000) /
    REFERENCE_WHITE
  );
};

const [A, B, C] = [0.17883277, 0.28466892, 0.55991073] as const;

/** The display of 1000 nits that HLG is graded on makes shadows darker; as zimg does it, colour by colour. */
const SYSTEM_GAMMA = 1.2;

const fromHlg = (value: number): number => {
  const scene = value <= 0.5 ? value ** 2 / 3 : (Math.exp((value - C) / A) + B) / 12;
  return HIGHLIGHTS * scene ** SYSTEM_GAMMA;
};

const fromSrgb = (value: number): number =>
  value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;

const toSrgb = (light: number): number =>
  light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;

const DISPLAY_GAMMA = 2.4;

function curveOf(transfer: Conversion["transfer"]): (value: number) => number {
  if (typeof transfer === "object") return (value) => value ** transfer.exponent;
  switch (transfer) {
    case PQ:
      return fromPq;
    case HLG:
      return fromHlg;
    case SRGB:
      return fromSrgb;
    case 8:
      return (value) => value;
    case 9:
      return (value) => 10 ** (2 * (value - 1));
    case 10:
      return (value) => 10 ** (2.5 * (value - 1));
    default:
      return (value) => value ** DISPLAY_GAMMA;
  }
}

/** Highlights above this are compressed. */
const KNEE = 0.3;

/** The Möbius curve through the knee with slope 1 that ends at 1 where highlights end. */
function mobius(light: number): number {
  if (light <= KNEE) return light;
  const a = (-(KNEE ** 2) * (HIGHLIGHTS - 1)) / (KNEE ** 2 - 2 * KNEE + HIGHLIGHTS);
  const b = (KNEE ** 2 - 2 * KNEE * HIGHLIGHTS + HIGHLIGHTS) / (HIGHLIGHTS - 1);
  return ((b ** 2 + 2 * b * KNEE + KNEE ** 2) / (b - a)) * ((light + a) / (light + b));
}

/** Entries stand at squares, so that curves which begin steeply are as exact at black as elsewhere. */
const ENTRIES = 1 << 14;

/** Red, green, blue and perhaps opacity. */
export interface LightSamples {
  readonly data: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;
  readonly channels: 3 | 4;
}

/** To 8-bit sRGB, on a white page where there is transparency. */
export function convertLight(
  { data, channels }: LightSamples,
  conversion: Conversion,
): Uint8Array<ArrayBuffer> {
  const { transfer, matrix = [1, 0, 0, 0, 1, 0, 0, 0, 1], curve } = conversion;
  const top = data instanceof Uint16Array ? 65535 : 255;
  const decode = curveOf(transfer);
  const linear = Float64Array.from({ length: top + 1 }, (_, i) => decode(i / top));
  const encode = curve === SRGB ? toSrgb : (light: number) => light ** (1 / DISPLAY_GAMMA);
  const coded = Float64Array.from({ length: ENTRIES + 1 }, (_, i) => 255 * encode((i / ENTRIES) ** 2));
  const hdr = transfer === HLG || transfer === PQ;
  const [m0 = 0, m1 = 0, m2 = 0, m3 = 0, m4 = 0, m5 = 0, m6 = 0, m7 = 0, m8 = 0] = matrix;
  const pixels = data.length / channels;
  const rgb = new Uint8Array(3 * pixels);
  for (let i = 0, from = 0, to = 0; i < pixels; i++, from += channels) {
    const r = linear[data[from] ?? 0] ?? 0;
    const g = linear[data[from + 1] ?? 0] ?? 0;
    const b = linear[data[from + 2] ?? 0] ?? 0;
    let red = m0 * r + m1 * g + m2 * b;
    let green = m3 * r + m4 * g + m5 * b;
    let blue = m6 * r + m7 * g + m8 * b;
    if (hdr) {
      const most = Math.max(red, green, blue, 1e-6);
      const gain = mobius(most) / most;
      red *= gain;
      green *= gain;
      blue *= gain;
    }
    const alpha = channels === 4 ? (data[from + 3] ?? 0) / top : 1;
    const page = 255 * (1 - alpha);
    rgb[to++] = page + alpha * (coded[index(red)] ?? 0) + 0.5;
    rgb[to++] = page + alpha * (coded[index(green)] ?? 0) + 0.5;
    rgb[to++] = page + alpha * (coded[index(blue)] ?? 0) + 0.5;
  }
  return rgb;
}

/** On a white page, 8 bits each, without any other change. */
export function onWhite({ data, channels }: LightSamples): Uint8Array<ArrayBuffer> {
  const top = data instanceof Uint16Array ? 65535 : 255;
  const pixels = data.length / channels;
  const rgb = new Uint8Array(3 * pixels);
  for (let i = 0, from = 0, to = 0; i < pixels; i++, from += channels) {
    const alpha = channels === 4 ? (data[from + 3] ?? 0) / top : 1;
    const page = 255 * (1 - alpha) + 0.5;
    for (let colour = 0; colour < 3; colour++)
      rgb[to++] = page + (alpha * 255 * (data[from + colour] ?? 0)) / top;
  }
  return rgb;
}

const index = (light: number): number =>
  light <= 0 ? 0 : light >= 1 ? ENTRIES : Math.floor(ENTRIES * Math.sqrt(light) + 0.5);
