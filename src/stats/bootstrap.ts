import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Bootstrap } from "./resampling.js";
import { percentile } from "./percentile.js";

/** A value with its 95% interval from the bootstrap; without one where none was asked for. */
export interface Estimate {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

/** Whole numbers below `limit`, drawn evenly. */
export function drawer(seed: number): (limit: number) => number {
  const generator = xoroshiro128plus(seed);
  return (limit) => uniformInt(generator, 0, limit - 1);
}

/** For each resample as many row numbers as there are rows, drawn with repetition (Efron, 1979). */
export function* resamplesOf(rows: number, { resamples, seed }: Bootstrap): Generator<Int32Array> {
  const draw = drawer(seed);
  for (let count = 0; count < resamples; count++) {
    yield Int32Array.from({ length: rows }, () => draw(rows));
  }
}

/** The value with the 2.5th and 97.5th percentile of the resamples; of tiny samples some have no value (NaN). */
export function estimate(value: number, resampled: readonly number[]): Estimate {
  const known = resampled.filter((one) => !Number.isNaN(one));
  if (known.length === 0) return { value };
  return { value, low: percentile(known, 2.5), high: percentile(known, 97.5) };
}
