/** A curve with parameters, for {@link leastSquares}. */
export interface Family {
  value(parameters: readonly number[], x: number): number;
  /** By each parameter. */
  derivatives(parameters: readonly number[], x: number): number[];
}

export interface Fit {
  readonly parameters: readonly number[];
  /** The sum of squared residuals. */
  readonly error: number;
}

interface NormalEquations {
  /** Jᵀ J. */
  readonly matrix: readonly number[][];
  /** Jᵀ r. */
  readonly vector: readonly number[];
}

const LEAST_DAMPING = 1e-12;
const MOST_DAMPING = 1e12;
/** An improvement smaller than this share of the error no longer changes a printed digit. */
const CONVERGED = 1e-14;

/**
 * Levenberg and Marquardt's method (Marquardt 1963, damping in proportion to the diagonal). A step that makes the fit
 * worse is never taken; npm's ml-levenberg-marquardt 5.1.0 takes it, and misses good fits for that.
 */
export function leastSquares(
  family: Family,
  xs: Float64Array,
  ys: Float64Array,
  start: readonly number[],
  mostSteps: number,
): Fit {
  let best: Fit = { parameters: start, error: errorOf(family, xs, ys, start) };
  let damping = 1e-3;
  let equations = normalEquations(family, xs, ys, start);
  for (let step = 0; step < mostSteps && damping < MOST_DAMPING; step++) {
    const change = solve(damped(equations, damping));
    const parameters = best.parameters.map((value, index) => value + (change[index] ?? NaN));
    const error = errorOf(family, xs, ys, parameters);
    // Of NaN, which an overflow gives, neither is true.
    if (error < best.error) {
      const converged = best.error - error < CONVERGED * best.error;
      best = { parameters, error };
      if (converged) break;
      damping = Math.max(LEAST_DAMPING, damping / 10);
      equations = normalEquations(family, xs, ys, parameters);
    } else {
      damping *= 10;
    }
  }
  return best;
}

function errorOf(family: Family, xs: Float64Array, ys: Float64Array, parameters: readonly number[]): number {
  let error = 0;
  for (let row = 0; row < xs.length; row++) {
    error += ((ys[row] ?? NaN) - family.value(parameters, xs[row] ?? NaN)) ** 2;
  }
  return error;
}

function normalEquations(
  family: Family,
  xs: Float64Array,
  ys: Float64Array,
  parameters: readonly number[],
): NormalEquations {
  const size = parameters.length;
  const sums = new Float64Array(size * (size + 1));
  for (let row = 0; row < xs.length; row++) {
    const x = xs[row] ?? NaN;
    const by = family.derivatives(parameters, x);
    by.push((ys[row] ?? NaN) - family.value(parameters, x));
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= size; j++) {
        const cell = i * (size + 1) + j;
        sums[cell] = (sums[cell] ?? NaN) + (by[i] ?? NaN) * (by[j] ?? NaN);
      }
    }
  }
  const rows = parameters.map((_, i) => [...sums.subarray(i * (size + 1), (i + 1) * (size + 1))]);
  return { matrix: rows.map((row) => row.slice(0, -1)), vector: rows.map((row) => row.at(-1) ?? NaN) };
}

/** A parameter that does not matter any more still gets a pivot. */
function damped({ matrix, vector }: NormalEquations, damping: number): NormalEquations {
  const larger = (value: number): number => value * (1 + damping) + Number.MIN_VALUE;
  return {
    matrix: matrix.map((row, index) =>
      row.map((value, column) => (column === index ? larger(value) : value)),
    ),
    vector,
  };
}

/** Gaussian elimination; the matrix is symmetric and, damped, positive definite, so no pivoting is needed. */
function solve({ matrix, vector }: NormalEquations): number[] {
  const rows = matrix.map((row, index) => [...row, vector[index] ?? NaN]);
  for (const [index, pivot] of rows.entries()) {
    for (const row of rows.slice(index + 1))
      subtract(row, pivot, (row[index] ?? NaN) / (pivot[index] ?? NaN));
  }
  const solution = vector.map(() => 0);
  for (const [index, row] of [...rows.entries()].reverse()) {
    const known = solution.reduce((sum, value, column) => sum + value * (row[column] ?? NaN), 0);
    solution[index] = ((row.at(-1) ?? NaN) - known) / (row[index] ?? NaN);
  }
  return solution;
}

function subtract(row: number[], pivot: readonly number[], times: number): void {
  for (const [column, value] of pivot.entries()) row[column] = (row[column] ?? NaN) - times * value;
}
