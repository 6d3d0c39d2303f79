import { type Estimate, estimate, resamplesOf } from "../stats/bootstrap.js";
import type { Bootstrap } from "../stats/resampling.js";
import { whyNoCorrelation } from "../stats/correlation.js";
import type { Agreement, Comparison, Metrics } from "../results/evaluation.js";
import { makeSample, measure, type Measures, resample, type Sample } from "./sample.js";

/** The scores of one evaluation for the rows that are compared. */
export interface Series {
  readonly name: string;
  readonly scores: readonly number[];
  /** Whether the scores are on the scale of the MOS, so that their RMSE means something. */
  readonly calibrated: boolean;
}

interface Measured {
  readonly series: Series;
  readonly sample: Sample;
  readonly measures: Measures;
  readonly resampled: Measures[];
}

export interface Agreements {
  /** In the order of the series. */
  readonly agreements: readonly Agreement[];
  readonly comparisons: readonly Comparison[];
}

/** Holds several series against the same MOS values. All share their resamples, so that differences are paired. */
export function agreementsOf(
  allSeries: readonly Series[],
  mos: readonly number[],
  bootstrap: Bootstrap,
): Agreements {
  const reasons = allSeries.map(({ scores }) => whyNoCorrelation(scores, mos));
  const measured = allSeries.flatMap((series, index) =>
    reasons[index] === undefined ? [measureSeries(series, mos)] : [],
  );
  for (const rows of resamplesOf(mos.length, bootstrap)) {
    for (const { sample, resampled } of measured) resampled.push(measure(resample(sample, rows)));
  }
  const metrics = new Map(measured.map((one) => [one.series, metricsOf(one)]));
  return {
    agreements: allSeries.map((series, index) => agreement(mos.length, metrics.get(series), reasons[index])),
    comparisons: measured.flatMap((first, index) =>
      measured.slice(index + 1).map((second) => compare(first, second)),
    ),
  };
}

function measureSeries(series: Series, mos: readonly number[]): Measured {
  const sample = makeSample(series.scores, mos);
  return { series, sample, measures: measure(sample), resampled: [] };
}

const agreement = (n: number, metrics: Metrics | undefined, reason: string | undefined): Agreement => ({
  n,
  ...(metrics && { metrics }),
  ...(reason !== undefined && { reason }),
});

function metricsOf({ series, sample, measures, resampled }: Measured): Metrics {
  const of = (pick: (measures: Measures) => number): Estimate =>
    estimate(pick(measures), resampled.map(pick));
  return {
    srcc: of(({ srcc }) => srcc),
    krcc: of(({ krcc }) => krcc),
    plcc: of(({ plcc }) => plcc),
    ...(series.calibrated && { rmse: of(({ rmse }) => rmse) }),
    curves: sample.curves.map(({ curve }, index) => ({
      ...curve,
      plcc: of(({ curves }) => curves[index]?.plcc ?? NaN),
      rmse: of(({ curves }) => curves[index]?.rmse ?? NaN),
    })),
    ...(sample.notMonotone.length > 0 && { notMonotone: sample.notMonotone }),
  };
}

function compare(first: Measured, second: Measured): Comparison {
  const difference = (pick: (measures: Measures) => number): Estimate =>
    estimate(
      pick(first.measures) - pick(second.measures),
      first.resampled.map((one, index) => pick(one) - pick(second.resampled[index] ?? one)),
    );
  return {
    first: first.series.name,
    second: second.series.name,
    srcc: difference(({ srcc }) => srcc),
    krcc: difference(({ krcc }) => krcc),
    plcc: difference(({ plcc }) => plcc),
  };
}
