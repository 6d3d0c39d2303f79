import { mean } from "../stats/numbers.js";
import { type Score, scoreLogits, type ScoringRule, trust } from "./score.js";
import { DEFAULT_TRUST_THRESHOLD } from "./trustThreshold.js";

export const viewsNames = ["whole", "detail"] as const;
export type ViewsName = (typeof viewsNames)[number];

/** How a picture is looked at that is larger than what the model is shown at once. */
export interface Views {
  readonly name: ViewsName;
  /** At most so many crops, each looked at by itself at the picture's own size: those of most detail. */
  readonly crops: number;
  /** Pixels of a crop's side. A picture that is no larger is looked at once, as a whole. */
  readonly side: number;
  /** What the whole counts for, 0 to 1; the crops share the rest evenly. */
  readonly whole: number;
}

/** The shares were chosen by `bench/model/views/people.ts` and `sizes.ts`, on pictures that the model card names. */
const treatments: Readonly<Record<ViewsName, Views>> = {
  whole: { name: "whole", crops: 0, side: 512, whole: 1 },
  detail: { name: "detail", crops: 2, side: 512, whole: 0.2 },
};

export const viewsOf = (name: ViewsName): Views => treatments[name];

/**
 * One score of all that was looked at: each word's logits averaged, then the preset's rule, as frames of a video are
 * pooled. Its questions' readings are those of the whole. Needs no model: it gives the same result from logits that were
 * stored.
 */
export function combineViews(
  rule: ScoringRule,
  { whole: share }: Pick<Views, "whole">,
  whole: Score,
  crops: readonly Score[],
  { trustThreshold = DEFAULT_TRUST_THRESHOLD, learned = true } = {},
): Score {
  if (crops.length === 0) return whole;
  const average = (get: (score: Score) => number | undefined): number =>
    share * (get(whole) ?? NaN) + (1 - share) * mean(crops.map((crop) => get(crop) ?? NaN));
  const { score, tones } = scoreLogits(rule, {
    logits: whole.questions.map(({ words }, question) =>
      words.map((_, word) => average(({ questions }) => questions[question]?.words[word]?.logit)),
    ),
    logSumExp: whole.questions.map((_, question) =>
      average(({ questions }) => questions[question]?.logSumExp),
    ),
  });
  const mass = average(({ answerMass }) => answerMass);
  return { score, tones, questions: whole.questions, ...trust(mass, trustThreshold, learned) };
}
