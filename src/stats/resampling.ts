/** How a bootstrap resamples. */
export interface Bootstrap {
  /** How many; 0 for none, and so for no intervals. */
  readonly resamples: number;
  /** The same seed draws the same rows. */
  readonly seed: number;
}

export const DEFAULT_BOOTSTRAP: Bootstrap = { resamples: 1000, seed: 1 };
