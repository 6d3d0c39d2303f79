import { DEFAULT_TRUST_THRESHOLD } from "./trustThreshold.js";
import { expected } from "../util/expected.js";
import { checkArgument } from "../util/arguments.js";
import type { Preset } from "../prompts/preset.js";
import * as kinds from "./kinds.js";
import { dot, mean, normalise, softmax, sum } from "../stats/numbers.js";

/** The parts of a preset that turn logits into a score. */
export type ScoringRule = Pick<Preset, "questions" | "tones" | "combine" | "temperature">;

/** What the model answered: for each question one raw logit a word, and the log-sum-exp over the whole vocabulary. */
export interface LogitReading {
  readonly logits: readonly ArrayLike<number>[];
  readonly logSumExp: ArrayLike<number>;
}

export interface ToneProbability {
  readonly name: string;
  /** What the tone counts for, 0 to 1. */
  readonly weight: number;
  /** Softmax over the tones only; the tones sum to 1. */
  readonly probability: number;
}

export interface QuestionReading {
  readonly question: string;
  readonly logSumExp: number;
  readonly words: readonly { readonly word: string; readonly tone: string; readonly logit: number }[];
}

/**
 * Why a score is not trusted: `unlearned`, the model is one that is known and was never taught the question, whatever it
 * answers; `answerMass`, that is below the threshold, so the model hardly answered the question.
 */
export type Distrust = "unlearned" | "answerMass";

export interface Score {
  /** From 0, the worst, to 1, the best. */
  readonly score: number;
  readonly tones: readonly ToneProbability[];
  readonly questions: readonly QuestionReading[];
  /** The share of the whole vocabulary's probability that the answer words have, averaged over the questions. */
  readonly answerMass: number;
  /** Whether the model was taught the question, as far as is known, and its answer mass reaches the threshold. */
  readonly trusted: boolean;
  /** Only where it is not trusted. */
  readonly distrust?: Distrust;
}

/** The part of a score that says whether it means something. */
export function trust(
  answerMass: number,
  threshold: number,
  learned: boolean,
): Pick<Score, "answerMass" | "trusted" | "distrust"> {
  if (!learned) return { answerMass, trusted: false, distrust: "unlearned" };
  if (!(answerMass >= threshold)) return { answerMass, trusted: false, distrust: "answerMass" };
  return { answerMass, trusted: true };
}

/**
 * The score of one picture. Needs no model: it gives the same result from logits that were stored.
 * @param learned false where the model is known and was never taught one of the questions
 */
export function scoreLogits(
  rule: ScoringRule,
  reading: LogitReading,
  trustThreshold = DEFAULT_TRUST_THRESHOLD,
  learned = true,
): Score {
  checkArgument("the rule", rule, kinds.rule);
  checkArgument("the reading", reading, kinds.reading);
  checkArgument("the threshold of trust", trustThreshold, kinds.threshold);
  const questions = labelReading(rule, reading);
  const logits = questions.map(({ words }) => words.map(({ logit }) => logit));
  const probabilities = toneProbabilities(rule, logits);
  const weights = rule.tones.map((tone) => tone.weight);
  return {
    score: dot(probabilities, weights),
    tones: rule.tones.map(({ name, weight }, index) => ({
      name,
      weight,
      probability: probabilities[index] ?? NaN,
    })),
    questions,
    ...trust(mean(questions.map(massOf)), trustThreshold, learned),
  };
}

/**
 * Combined at the logits, a tone's logit is the mean over its words and over the questions, and one softmax follows.
 * Combined at the probabilities, each question has a softmax over all words, a tone's probability is the mean of its
 * words', scaled so that the tones sum to 1, and the questions are averaged last. In both a tone gains nothing by having
 * more words than another.
 */
function toneProbabilities(rule: ScoringRule, logits: readonly (readonly number[])[]): number[] {
  const { tones, combine, temperature } = rule;
  if (combine === "logits") {
    const averaged = averageRows(logits.map((row) => toneMeans(tones, row)));
    return softmax(averaged, temperature);
  }
  return averageRows(logits.map((row) => normalise(toneMeans(tones, softmax(row, temperature)))));
}

function toneMeans(tones: ScoringRule["tones"], values: readonly number[]): number[] {
  let start = 0;
  return tones.map(({ words }) => mean(values.slice(start, (start += words.length))));
}

function averageRows(rows: readonly (readonly number[])[]): number[] {
  return (rows[0] ?? []).map((_, column) => mean(rows.map((row) => row[column] ?? NaN)));
}

function massOf({ words, logSumExp }: QuestionReading): number {
  // Single precision may put the sum a little above 1.
  return Math.min(1, sum(words.map(({ logit }) => Math.exp(logit - logSumExp))));
}

function labelReading(rule: ScoringRule, { logits, logSumExp }: LogitReading): QuestionReading[] {
  const words = rule.tones.flatMap((tone) => tone.words.map((word) => ({ word, tone: tone.name })));
  const fits = logits.length === rule.questions.length && logSumExp.length === logits.length;
  if (!fits || logits.some((row) => row.length !== words.length)) {
    throw expected(`${rule.questions.length} questions with ${words.length} logits each`, {
      but: `received ${logits.length} with ${logits.map((row) => row.length).join(", ")}`,
    });
  }
  return rule.questions.map(({ question }, index) => ({
    question,
    logSumExp: finite(logSumExp[index], "log-sum-exp", question),
    words: words.map((word, column) => ({
      ...word,
      logit: finite(logits[index]?.[column], word.word, question),
    })),
  }));
}

function finite(value: number | undefined, what: string, question: string): number {
  if (value !== undefined && Number.isFinite(value)) return value;
  throw expected("a finite logit", {
    code: "ERR_INFERENCE",
    for: `"${what}" after "${question}"`,
    received: value,
    remedy: "The model file may be damaged, or its backend may not support it: try it on the CPU.",
  });
}
