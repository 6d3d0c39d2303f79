import { expected } from "../util/expected.js";

/** One place to read logits at: after the prompt and some tokens of an answer word. */
export interface ReadingStep {
  readonly tokens: readonly number[];
  readonly targets: readonly number[];
}

/**
 * Where to read so that every answer word is covered to its last token. Words of one token need one step, straight after
 * the prompt; words that begin alike share steps.
 */
export function planSteps(words: readonly (readonly number[])[]): ReadingStep[] {
  const steps = new Map<string, { tokens: readonly number[]; targets: Set<number> }>();
  for (const word of words) {
    for (const [length, target] of word.entries()) {
      const tokens = word.slice(0, length);
      const key = tokens.join();
      const step = steps.get(key) ?? { tokens, targets: new Set() };
      steps.set(key, step);
      step.targets.add(target);
    }
  }
  return [...steps.values()].map(({ tokens, targets }) => ({ tokens, targets: [...targets] }));
}

/**
 * The words' logits and the log-sum-exp they are relative to, from what was read at each step. With one step these are
 * the raw ones; otherwise a word's logit is its log-probability, the sum over its tokens, relative to 0.
 */
export function readSequences(
  words: readonly (readonly number[])[],
  steps: readonly ReadingStep[],
  logits: readonly ArrayLike<number>[],
  logSumExp: ArrayLike<number>,
): { logits: Float64Array; logSumExp: number } {
  const single = steps.length === 1;
  const values = new Map<string, number>();
  for (const [index, { tokens, targets }] of steps.entries()) {
    const reference = single ? 0 : (logSumExp[index] ?? NaN);
    for (const [column, target] of targets.entries()) {
      values.set([...tokens, target].join(), (logits[index]?.[column] ?? NaN) - reference);
    }
  }
  const read = (word: readonly number[], length: number) => {
    const value = values.get(word.slice(0, length + 1).join());
    if (value !== undefined) return value;
    throw expected(`a step that reads token ${length} of the word ${word.join(" ")}`, { but: "none does" });
  };
  return {
    logits: Float64Array.from(words, (word) =>
      word.reduce((total, _, length) => total + read(word, length), 0),
    ),
    logSumExp: single ? (logSumExp[0] ?? NaN) : 0,
  };
}
