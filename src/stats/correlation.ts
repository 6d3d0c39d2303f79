import { expected } from "../util/expected.js";
import { checkArgument, numbers } from "../util/arguments.js";
import { TonescoreError } from "../errors.js";
import { tauB } from "./kendall.js";
import { averageRanks, type Levels, levelsOf } from "./ranks.js";

type Numbers = readonly number[] | Float64Array;

/** With two points every line fits. */
const LEAST_ROWS = 3;

/** Why no correlation exists, as a sentence; undefined where one does. */
export function whyNoCorrelation(scores: readonly number[], mos: readonly number[]): string | undefined {
  if (scores.length < LEAST_ROWS) {
    return `A correlation needs at least ${LEAST_ROWS} rows, and there ${scores.length === 1 ? "is" : "are"} ${scores.length}.`;
  }
  for (const [name, values] of Object.entries({ scores, "MOS values": mos })) {
    const [first = NaN] = values;
    if (values.every((value) => value === first))
      return `All ${name} are ${first}, and a constant correlates with nothing.`;
  }
  return undefined;
}

/** @throws {TonescoreError} `ERR_INVALID_ARGUMENT` for unequal lengths and for what is not finite. */
export function checkPairs(scores: readonly number[], mos: readonly number[]): void {
  checkArgument("the scores", scores, numbers);
  checkArgument("the MOS", mos, numbers);
  if (scores.length !== mos.length) {
    throw expected(`as many MOS values as scores (${scores.length})`, { received: mos.length });
  }
  const strange = [...scores, ...mos].find((value) => !Number.isFinite(value));
  if (strange !== undefined) throw expected("finite numbers", { received: strange });
}

function check(scores: readonly number[], mos: readonly number[]): void {
  checkPairs(scores, mos);
  const why = whyNoCorrelation(scores, mos);
  if (why !== undefined) throw new TonescoreError("ERR_NO_CORRELATION", why);
}

/**
 * Pearson's linear correlation.
 * @param scores n numbers.
 * @param mos n numbers.
 * @returns -1 to 1.
 * @throws {TonescoreError} `ERR_NO_CORRELATION` for fewer than 3 rows or constants, `ERR_INVALID_ARGUMENT` for unequal
 * lengths and for what is not finite.
 */
export function plcc(scores: readonly number[], mos: readonly number[]): number {
  check(scores, mos);
  return pearson(scores, mos);
}

/**
 * Spearman's rank correlation: Pearson's of the ranks, where ties share the mean of theirs. Arguments, range and errors
 * as of {@link plcc}.
 */
export function srcc(scores: readonly number[], mos: readonly number[]): number {
  check(scores, mos);
  return spearman(levelsOf(scores), levelsOf(mos));
}

/**
 * Kendall's rank correlation tau-b, which takes ties into account (Kendall, "The treatment of ties in ranking
 * problems", Biometrika 1945). Arguments, range and errors as of {@link plcc}.
 */
export function krcc(scores: readonly number[], mos: readonly number[]): number {
  check(scores, mos);
  return tauB(levelsOf(scores), levelsOf(mos));
}

/** NaN of a constant. */
export function pearson(a: Numbers, b: Numbers): number {
  const [middleA, middleB] = [meanOf(a), meanOf(b)];
  let [squaresA, squaresB, products] = [0, 0, 0];
  for (let index = 0; index < a.length; index++) {
    const [x, y] = [(a[index] ?? NaN) - middleA, (b[index] ?? NaN) - middleB];
    squaresA += x * x;
    squaresB += y * y;
    products += x * y;
  }
  return Math.max(-1, Math.min(1, products / Math.sqrt(squaresA) / Math.sqrt(squaresB)));
}

/** NaN of a constant. */
export const spearman = (a: Levels, b: Levels): number => pearson(averageRanks(a), averageRanks(b));

function meanOf(values: Numbers): number {
  let total = 0;
  for (const value of values) total += value;
  return total / values.length;
}
