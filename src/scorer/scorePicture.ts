import { freeMemory } from "../native/freeMemory.js";
import { groupBy } from "../util/groupBy.js";
import type { SessionPool } from "./sessionPool.js";
import type { Picture } from "../media/picture.js";
import { toSquare } from "../media/image/square.js";
import type { PreparedPreset } from "./preparedPreset.js";
import { scoreLogits, type Score } from "../scoring/score.js";

/** What one preset said, and the picture that its model was shown. */
export interface Judgement {
  readonly preset: string;
  readonly shown: Picture;
  readonly score: Score;
}

export interface JudgingOptions {
  readonly trustThreshold?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Makes the picture once more; see `ReadOptions`. */
  readonly again?: (() => Promise<Picture>) | undefined;
}

/**
 * Applies each preset's treatment, asks the model, and scores what it said. One encoding serves all that agree. The
 * picture's memory goes as soon as the last has it.
 */
export async function scorePicture(
  sessions: SessionPool,
  presets: readonly PreparedPreset[],
  picture: Picture,
  options: JudgingOptions,
): Promise<Judgement[]> {
  const { trustThreshold, signal, again } = options;
  const judgements = new Map<PreparedPreset, Judgement>();
  const groups = groupBy(presets, ({ squaring }) => JSON.stringify(squaring));
  try {
    for (const [index, alike] of groups.entries()) {
      const treated = (upright: Picture): Picture => toSquare(upright, alike[0].squaring);
      const shown = treated(picture);
      const isLast = shown !== picture || index + 1 === groups.length;
      const onTaken = (): void => {
        freeMemory(shown.data);
      };
      const given = { onTaken, again: again && (async () => treated(await again())) };
      const readings = await sessions.read(shown, alike, { signal, ...(isLast && given) });
      if (isLast) onTaken();
      for (const [one, reading] of readings) {
        const { preset, learned } = one;
        const score = scoreLogits(preset, reading, trustThreshold, learned);
        judgements.set(one, { preset: preset.name, shown, score });
      }
    }
  } finally {
    freeMemory(picture.data);
  }
  return presets.flatMap((preset) => judgements.get(preset) ?? []);
}
