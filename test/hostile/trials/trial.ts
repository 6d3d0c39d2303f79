import { link, mkdir } from "node:fs/promises";
import { PICTURES, type Prepared } from "../prepared.js";
import type { Random } from "../random.js";

/** What one trial found. */
export interface TrialResult {
  readonly trial: string;
  /** In words and numbers. */
  readonly found: string;
  /** What should not be; none where all held. */
  readonly faults: readonly string[];
}

export interface TrialOptions {
  readonly prepared: Prepared;
  readonly random: Random;
  /** Sizes of the whole trials, or of those that CI has time for. */
  readonly whole: boolean;
}

export type Trial = (options: TrialOptions) => Promise<TrialResult>;

/** A folder with many names for a few healthy pictures, so that a run has much to do. */
export async function manyPictures(folder: string, prepared: Prepared, count: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let index = 0; index < count; index++) {
    await link(prepared.path(`pictures/p-${index % PICTURES}.jpg`), `${folder}/${index}.jpg`);
  }
}
