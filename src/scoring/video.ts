import { checkArgument } from "../arguments.js";
import { TonescoreError } from "../errors.js";
import { harmonicMean, hysteresis, percentile } from "./frameRules.js";
import * as kinds from "./kinds.js";
import { dot, mean, normalise } from "./numbers.js";
import { DEFAULT_POOLING, type Pooling, poolingKind, poolingText } from "./pooling.js";
import {
  DEFAULT_TRUST_THRESHOLD,
  type LogitReading,
  type Score,
  scoreLogits,
  type ScoringRule,
  trust,
} from "./score.js";

/** The score of one frame, and its time in seconds. */
export interface FrameScore extends Score {
  readonly time: number;
}

export interface VideoScore extends Score {
  readonly pooling: string;
  readonly frames: readonly FrameScore[];
}

/**
 * One score from the frames of a video, in the order of time. The tone probabilities are those behind the score when
 * logits are pooled, else the frames' average; the logits shown are the frames' average, and so is the answer mass.
 * @param learned as for {@link scoreLogits}
 */
export function poolFrames(
  rule: ScoringRule,
  frames: readonly FrameScore[],
  pooling: Pooling = DEFAULT_POOLING,
  trustThreshold = DEFAULT_TRUST_THRESHOLD,
  learned = true,
): VideoScore {
  checkArgument("the rule", rule, kinds.rule);
  checkArgument("the frames", frames, kinds.frames);
  checkArgument("the pooling", pooling, poolingKind);
  checkArgument("the threshold of trust", trustThreshold, kinds.threshold);
  if (frames.length === 0)
    throw new TonescoreError("ERR_INVALID_ARGUMENT", "Expected at least one frame to pool.");
  const weights = frameWeights(frames, pooling);
  const { score: ofLogits, tones, questions } = scoreLogits(rule, averageReading(frames, weights));
  const answerMass = average(frames, weights, (frame) => frame.answerMass);
  const score = poolScores(frames, pooling);
  return {
    ...(score === undefined ? { score: ofLogits, tones } : { score, tones: averageTones(frames, weights) }),
    questions,
    ...trust(answerMass, trustThreshold, learned),
    pooling: poolingText(pooling),
    frames,
  };
}

/** The pooled score of frames, or undefined where logits are pooled instead. */
function poolScores(frames: readonly FrameScore[], pooling: Pooling): number | undefined {
  const scores = frames.map((frame) => frame.score);
  switch (pooling.name) {
    case "logits":
    case "recency":
      return undefined;
    case "mean":
      return mean(scores);
    case "harmonic":
      return harmonicMean(scores);
    case "percentile":
      return percentile(scores, pooling.percent);
    case "hysteresis":
      return hysteresis(scores, Math.max(1, Math.round(pooling.seconds / interval(frames))));
  }
}

function frameWeights(frames: readonly FrameScore[], pooling: Pooling): number[] {
  const end = frames.at(-1)?.time ?? NaN;
  const constant = pooling.name === "recency" ? pooling.seconds : Infinity;
  return normalise(frames.map((frame) => Math.exp((frame.time - end) / constant)));
}

/** The mean time between frames: counting frames keeps windows steady where their times are a little uneven. */
function interval(frames: readonly FrameScore[]): number {
  const length = (frames.at(-1)?.time ?? NaN) - (frames[0]?.time ?? NaN);
  return frames.length > 1 && length > 0 ? length / (frames.length - 1) : Infinity;
}

function average<T>(items: readonly T[], weights: readonly number[], value: (item: T) => number): number {
  return dot(items.map(value), weights);
}

function averageTones(frames: readonly FrameScore[], weights: readonly number[]): Score["tones"] {
  return (frames[0]?.tones ?? []).map((tone, index) => ({
    ...tone,
    probability: average(frames, weights, (frame) => frame.tones[index]?.probability ?? NaN),
  }));
}

function averageReading(frames: readonly FrameScore[], weights: readonly number[]): LogitReading {
  const questions = frames[0]?.questions ?? [];
  return {
    logits: questions.map(({ words }, k) =>
      words.map((_, m) => average(frames, weights, (frame) => frame.questions[k]?.words[m]?.logit ?? NaN)),
    ),
    logSumExp: questions.map((_, k) =>
      average(frames, weights, (frame) => frame.questions[k]?.logSumExp ?? NaN),
    ),
  };
}
