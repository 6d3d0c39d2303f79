import { dot, mean, normalise } from "../stats/numbers.js";

/** Ways to make one number from the scores of frames, in the order of time. */

/** How much of a frame's remembered quality is its present, and not the memory of what came before. */
const PRESENT = 0.8;

/**
 * Temporal hysteresis after Seshadrinathan and Bovik, "Temporal hysteresis model of time varying subjective video
 * quality" (ICASSP 2011), with the constants of Tu et al., "A comparative evaluation of temporal pooling methods for
 * blind video quality assessment" (ICIP 2020): viewers react at once to a drop and forgive it slowly.
 *
 *   memory  l(t) = min q(s), s = t-n … t-1; l(first) = q(first)
 *   present m(t) = Σ w(k) v(k), v = q(t … t+n-1) from the worst up, w = the falling half of a Gaussian
 *                  whose full window of 2K-1 values (K = how many v there are) has σ = (2K-1)/6
 *   result  = mean over t of 0.8 m(t) + 0.2 l(t)
 */
export function hysteresis(scores: readonly number[], span: number): number {
  const remembered = scores.map((score, time) => {
    const past = scores.slice(Math.max(0, time - span), time);
    const memory = past.length === 0 ? score : Math.min(...past);
    const coming = scores.slice(time, time + span).sort((a, b) => a - b);
    return PRESENT * dot(coming, fallingGaussian(coming.length)) + (1 - PRESENT) * memory;
  });
  return mean(remembered);
}

function fallingGaussian(length: number): number[] {
  const sigma = (2 * length - 1) / 6;
  return normalise(Array.from({ length }, (_, index) => Math.exp(-0.5 * (index / sigma) ** 2)));
}
