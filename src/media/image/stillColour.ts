import type { Metadata } from "sharp";
import { type Colour, colourTreatment, isHdr, needsLinearLight } from "../colour/colour.js";
import type { FileType } from "../formats.js";
import { BT709, type Chromaticities } from "../colour/gamut.js";
import { readHeif } from "./heif.js";
import { hasFittingProfile, readCicp } from "./icc.js";
import { type Conversion, conversionOf, conversionOfGamma } from "../colour/light.js";
import { type PngFacts, readPng } from "./png.js";

/** How the colours of a still become sRGB: by its profile, by a conversion of ours, or they are taken for sRGB. */
export type ColourWay =
  | { readonly by: "nothing" | "profile" }
  | { readonly by: "conversion"; readonly conversion: Conversion; readonly treatment: readonly string[] };

const NOTHING: ColourWay = { by: "nothing" };
const RGB = 0;

function byCodePoints(colour: Pick<Colour, "primaries" | "transfer">): ColourWay {
  const own = { ...colour, matrix: RGB };
  if (!needsLinearLight(own)) return NOTHING;
  return { by: "conversion", conversion: conversionOf(own), treatment: colourTreatment(own) };
}

/** What sRGB is for PNG's gamma. */
const USUAL_GAMMA = 1 / 2.2;

const isNear = (a: number, b: number, tolerance: number): boolean => Math.abs(a - b) <= tolerance;

const isUsualGamut = (points: Chromaticities): boolean =>
  (["white", "red", "green", "blue"] as const).every((name) =>
    [0, 1].every((i) => isNear(points[name][i] ?? NaN, BT709[name][i] ?? NaN, 0.005)),
  );

/** Primaries alone say nothing: browsers, too, wait for a gamma. */
function byGamma({ gamma, chromaticities }: PngFacts): ColourWay {
  if (gamma === undefined) return NOTHING;
  const usual = isNear(gamma, USUAL_GAMMA, 0.01);
  const foreign = chromaticities && !isUsualGamut(chromaticities) ? chromaticities : undefined;
  if (usual && !foreign) return NOTHING;
  const conversion = conversionOfGamma(usual ? undefined : gamma, foreign);
  const steps = [
    ...(usual ? [] : [`gamma ${Number((1 / gamma).toFixed(4))}→srgb`]),
    ...(foreign && conversion.matrix ? ["primaries→srgb"] : []),
  ];
  return { by: "conversion", conversion, treatment: steps };
}

function byProfile(meta: Metadata): ColourWay {
  if (!hasFittingProfile(meta)) return NOTHING;
  const cicp = meta.icc && readCicp(meta.icc);
  return cicp && isHdr(cicp) ? byCodePoints(cicp) : { by: "profile" };
}

/** Which of the things that a file says of its colours is the one that counts. */
export function colourWayOf(type: FileType, bytes: Uint8Array, meta: Metadata): ColourWay {
  if (type === "PNG") {
    const facts = readPng(bytes);
    if (facts.cicp) return byCodePoints(facts.cicp);
    return facts.profiled ? byProfile(meta) : byGamma(facts);
  }
  if (type !== "AVIF" || meta.icc) return byProfile(meta);
  const { colour } = readHeif(bytes);
  return colour ? byCodePoints(colour) : NOTHING;
}
