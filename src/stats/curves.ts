import { checkArgument, finite, numbers, oneOf, shape } from "../util/arguments.js";
import { mean } from "./numbers.js";
import { checkPairs, pearson } from "./correlation.js";
import { type Family, type Fit, leastSquares } from "./leastSquares.js";

/**
 * A curve from scores to MOS, fitted by least squares. `logistic4` has the parameters b1 … b4 of
 * b2 + (b1 - b2) / (1 + exp(-(x - b3) / |b4|)), `logistic5` b1 … b5 of
 * b1 (1/2 - 1 / (1 + exp(b2 (x - b3)))) + b4 x + b5.
 */
export interface Curve {
  readonly name: "logistic4" | "logistic5";
  readonly parameters: readonly number[];
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** VQEG, "Final report on the validation of objective models of video quality assessment" (2000). */
const logistic4: Family = {
  value: ([b1 = NaN, b2 = NaN, b3 = NaN, b4 = NaN], x) => b2 + (b1 - b2) * logistic((x - b3) / Math.abs(b4)),
  derivatives([b1 = NaN, b2 = NaN, b3 = NaN, b4 = NaN], x) {
    const rise = logistic((x - b3) / Math.abs(b4));
    const slope = ((b1 - b2) * rise * (1 - rise)) / Math.abs(b4);
    return [rise, 1 - rise, -slope, (-slope * (x - b3)) / b4];
  },
};

/** Sheikh, Sabir and Bovik, "A statistical evaluation of recent full reference quality assessment algorithms" (2006). */
const logistic5: Family = {
  value: ([b1 = NaN, b2 = NaN, b3 = NaN, b4 = NaN, b5 = NaN], x) =>
    b1 * (logistic(b2 * (x - b3)) - 0.5) + b4 * x + b5,
  derivatives([b1 = NaN, b2 = NaN, b3 = NaN], x) {
    const rise = logistic(b2 * (x - b3));
    const slope = b1 * rise * (1 - rise);
    return [rise - 0.5, slope * (x - b3), -slope * b2, x, 1];
  },
};

const families = { logistic4, logistic5 };

const kind = shape("a curve as fitCurves gives it", {
  name: oneOf(Object.keys(families)),
  parameters: numbers,
});

export const curveTitles: Readonly<Record<Curve["name"], string>> = {
  logistic4: "4-parameter logistic",
  logistic5: "5-parameter logistic",
};

/**
 * The MOS that a fitted curve expects for a score, in the unit of the MOS it was fitted to.
 * @param score 0 to 1, as the curve was fitted to.
 */
export function curveValue(curve: Curve, score: number): number {
  checkArgument("the curve", curve, kind);
  checkArgument("the score", score, finite);
  return valueOf(curve, score);
}

function valueOf({ name, parameters }: Curve, score: number): number {
  return families[name].value(parameters, score);
}

/** What a fall between two points may be, of the curve's whole range, to be rounding. */
const ROUNDING = 1e-9;

/** Whether a curve never turns between two scores. One that does would rank pictures otherwise than their scores do. */
export function isMonotone(curve: Curve, from: number, to: number): boolean {
  const turns = curve.name === "logistic5" ? turningPoints(curve.parameters) : [];
  const xs = [from, ...turns.filter((x) => x > from && x < to).sort((a, b) => a - b), to];
  const values = xs.map((x) => valueOf(curve, x));
  if (!values.every(Number.isFinite)) return false;
  const steps = values.slice(1).map((value, index) => value - (values[index] ?? NaN));
  const slack = ROUNDING * Math.max(...steps.map(Math.abs));
  return steps.every((step) => step >= -slack) || steps.every((step) => step <= slack);
}

/** Where the slope b1 b2 s (1 - s) + b4 is 0, with s the logistic at b2 (x - b3). */
function turningPoints([b1 = NaN, b2 = NaN, b3 = NaN, b4 = NaN]: readonly number[]): number[] {
  const ratio = (4 * b4) / (b1 * b2);
  const small = -ratio / (2 * (1 + Math.sqrt(1 + ratio))); // the smaller s; NaN where the slope is never 0
  const away = Math.log(small / (1 - small)) / b2;
  return [b3 + away, b3 - away];
}

/**
 * Fits VQEG's four-parameter logistic, and from there the five-parameter one, by least squares. There is no curve where
 * the rows are not more than its parameters. The five-parameter curve may turn within the scores.
 * @param scores n numbers, not all equal.
 * @param mos as many.
 */
export function fitCurves(scores: readonly number[], mos: readonly number[]): Curve[] {
  checkPairs(scores, mos);
  if (scores.length <= 4) return [];
  const [x, y] = [standardise(scores), standardise(mos)];
  const four = bestFit(logistic4, x, y, startsOf4(x, y));
  const curves: Curve[] = [{ name: "logistic4", parameters: original4(four, x, y) }];
  if (scores.length <= 5) return curves;
  const five = bestFit(logistic5, x, y, startsOf5(four));
  return [...curves, { name: "logistic5", parameters: original5(five, x, y) }];
}

interface Standardised {
  readonly values: Float64Array;
  readonly mean: number;
  readonly deviation: number;
}

/** To mean 0 and deviation 1: there the fit is well conditioned, whatever the scales. */
function standardise(values: readonly number[]): Standardised {
  const middle = mean(values);
  const deviation = Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
  return {
    values: Float64Array.from(values, (value) => (value - middle) / deviation),
    mean: middle,
    deviation,
  };
}

const ROUGH_STEPS = 30;
const MOST_STEPS = 500;

/** Only the start that looks best after some steps is followed to the end. */
function bestFit(
  family: Family,
  { values: x }: Standardised,
  { values: y }: Standardised,
  starts: readonly (readonly number[])[],
): readonly number[] {
  const rough = starts.map((start) => leastSquares(family, x, y, start, ROUGH_STEPS));
  const best = rough.reduce((best: Fit, fit) => (fit.error < best.error ? fit : best));
  return leastSquares(family, x, y, best.parameters, MOST_STEPS).parameters;
}

/** From the ends of the MOS, with steep and gentle middles. */
function startsOf4({ values: x }: Standardised, { values: y }: Standardised): number[][] {
  const sorted = y.toSorted();
  if (pearson(x, y) < 0) sorted.reverse();
  const [low = NaN, high = NaN] = [sorted[0], sorted.at(-1)];
  return [-1, 0, 1].flatMap((middle) => [0.2, 1].map((width) => [high, low, middle, width]));
}

/** The four-parameter curve is one of these, so the five-parameter fit is never the worse. */
function startsOf5([b1 = NaN, b2 = NaN, b3 = NaN, b4 = NaN]: readonly number[]): number[][] {
  const same = [b1 - b2, 1 / Math.abs(b4), b3, 0, (b1 + b2) / 2];
  return [same, [1, 3, 0, 0, 0], [-1, 3, 0, 1, 0]];
}

const original4 = (
  [b1 = NaN, b2 = NaN, b3 = NaN, b4 = NaN]: readonly number[],
  x: Standardised,
  y: Standardised,
) => [
  b1 * y.deviation + y.mean,
  b2 * y.deviation + y.mean,
  b3 * x.deviation + x.mean,
  Math.abs(b4) * x.deviation,
];

const original5 = (
  [b1 = NaN, b2 = NaN, b3 = NaN, b4 = NaN, b5 = NaN]: readonly number[],
  x: Standardised,
  y: Standardised,
) => {
  const slope = (b4 * y.deviation) / x.deviation;
  return [
    b1 * y.deviation,
    b2 / x.deviation,
    b3 * x.deviation + x.mean,
    slope,
    b5 * y.deviation + y.mean - slope * x.mean,
  ];
};
