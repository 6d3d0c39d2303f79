/** Softmax of logits divided by a temperature; shifted by the largest, so that no exponential overflows. */
export function softmax(logits: readonly number[], temperature = 1): number[] {
  const largest = Math.max(...logits);
  const exponentials = logits.map((logit) => Math.exp((logit - largest) / temperature));
  const total = sum(exponentials);
  return exponentials.map((value) => value / total);
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

/** The sum of `values[i] * weights[i]`. */
export function dot(values: readonly number[], weights: readonly number[]): number {
  return sum(values.map((value, index) => value * (weights[index] ?? NaN)));
}

/** Weights scaled to a sum of 1. */
export function normalise(weights: readonly number[]): number[] {
  const total = sum(weights);
  return weights.map((weight) => weight / total);
}
