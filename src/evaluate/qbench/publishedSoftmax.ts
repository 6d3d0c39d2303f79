/**
 * Q-Bench's score as its authors' program computes it: exp(a/100) / (exp(a/100) + exp(b/100)), in doubles. Pictures whose
 * logits differ equally should tie. Here they come apart in the last bit, and a rank correlation sees that: the published
 * digits are those of exponentials rounded correctly, as glibc's are, and JavaScript's are not always.
 */
export function publishedSoftmax(good: number, poor: number): number {
  const [a, b] = [roundedExp(good / 100), roundedExp(poor / 100)];
  return a / (a + b);
}

const BITS = 128n;
const known = new Map<number, number>();

/** The double nearest to e^x, for x of a few units: the power series in fixed point, which `Number` rounds to nearest. */
function roundedExp(x: number): number {
  const before = known.get(x);
  if (before !== undefined) return before;
  const fixed = BigInt(x * 2 ** Number(BITS));
  let term = 1n << BITS;
  let sum = 0n;
  for (let index = 1n; term !== 0n && term !== -1n; index++) {
    sum += term;
    term = ((term * fixed) >> BITS) / index;
  }
  const value = Number(sum) / 2 ** Number(BITS);
  known.set(x, value);
  return value;
}
