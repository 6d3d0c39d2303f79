import { expected } from "../util/expected.js";

/** The named ranges a score of 0 to 1 can be shown on. */
const SCALES = {
  unit: { worst: 0, best: 1 },
  percent: { worst: 0, best: 100 },
  mos: { worst: 1, best: 5 },
} as const;

export type Scale = keyof typeof SCALES;

export const scaleNames = Object.keys(SCALES) as Scale[];

export function parseScale(name: string): Scale {
  const scale = scaleNames.find((known) => known === name);
  if (scale) return scale;
  throw expected(`one of ${scaleNames.join(", ")}`, { for: "the scale", received: name });
}

/** Puts a score on a scale. It is a change of unit only: no calibration against viewers. */
export function toScale(score: number, scale: Scale): number {
  const { worst, best } = SCALES[scale];
  return worst + score * (best - worst);
}
