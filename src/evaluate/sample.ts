import { pearson, spearman } from "../stats/correlation.js";
import { type Curve, curveValue, fitCurves, isMonotone } from "../stats/curves.js";
import { tauB } from "../stats/kendall.js";
import { drawn, type Levels, levelsOf } from "../stats/ranks.js";

/** Scores beside MOS values, prepared so that resamples of the rows are measured quickly. */
export interface Sample {
  readonly scores: Float64Array;
  readonly mos: Float64Array;
  readonly scoreLevels: Levels;
  readonly mosLevels: Levels;
  /** Fitted to all rows, and kept for resamples of them; the monotone ones. */
  readonly curves: readonly { readonly curve: Curve; readonly expected: Float64Array }[];
  readonly notMonotone: readonly Curve["name"][];
}

/** What is measured of a sample or a resample; NaN where it is constant. */
export interface Measures {
  readonly srcc: number;
  readonly krcc: number;
  readonly plcc: number;
  readonly rmse: number;
  /** In the order of the sample's curves. */
  readonly curves: readonly { readonly plcc: number; readonly rmse: number }[];
}

export function makeSample(scores: readonly number[], mos: readonly number[]): Sample {
  const [from, to] = [scores.reduce((a, b) => Math.min(a, b)), scores.reduce((a, b) => Math.max(a, b))];
  const fitted = fitCurves(scores, mos);
  const curves = fitted.filter((curve) => isMonotone(curve, from, to));
  return {
    scores: Float64Array.from(scores),
    mos: Float64Array.from(mos),
    scoreLevels: levelsOf(scores),
    mosLevels: levelsOf(mos),
    curves: curves.map((curve) => ({
      curve,
      expected: Float64Array.from(scores, (score) => curveValue(curve, score)),
    })),
    notMonotone: fitted.filter((curve) => !curves.includes(curve)).map(({ name }) => name),
  };
}

export function measure({ scores, mos, scoreLevels, mosLevels, curves }: Sample): Measures {
  return {
    srcc: spearman(scoreLevels, mosLevels),
    krcc: tauB(scoreLevels, mosLevels),
    plcc: pearson(scores, mos),
    rmse: rootMeanSquare(scores, mos),
    curves: curves.map(({ expected }) => ({
      plcc: pearson(expected, mos),
      rmse: rootMeanSquare(expected, mos),
    })),
  };
}

export function resample(sample: Sample, rows: Int32Array): Sample {
  const gather = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row] ?? NaN);
  return {
    scores: gather(sample.scores),
    mos: gather(sample.mos),
    scoreLevels: drawn(sample.scoreLevels, rows),
    mosLevels: drawn(sample.mosLevels, rows),
    curves: sample.curves.map(({ curve, expected }) => ({ curve, expected: gather(expected) })),
    notMonotone: sample.notMonotone,
  };
}

function rootMeanSquare(a: Float64Array, b: Float64Array): number {
  let squares = 0;
  for (const [index, value] of a.entries()) squares += (value - (b[index] ?? NaN)) ** 2;
  return Math.sqrt(squares / a.length);
}
