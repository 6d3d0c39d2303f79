import type { FrameResult, VideoResult } from "../results/result.js";
import { parsePooling, poolingForms, poolingText } from "../scoring/pooling.js";
import { scoreLogits, type ScoringRule } from "../scoring/score.js";
import { type FrameScore, poolFrames } from "../scoring/video.js";

export interface PooledScore {
  readonly rule: string;
  /** From 0 to 1. */
  readonly score: number;
  /** Whether it is the rule that the run used. */
  readonly used: boolean;
}

/** The score that each rule gives a video, from its frames' logits; none where they were not kept. */
export function poolEveryWay(video: VideoResult, recipe: ScoringRule): PooledScore[] {
  if (video.frames.some(({ answers }) => answers.length === 0)) return [];
  const frames = video.frames.map((frame) => scoreFrame(recipe, frame));
  const rules = new Set([...poolingForms.map((text) => poolingText(parsePooling(text))), video.pooling]);
  return [...rules].map((text) => ({
    rule: text,
    score: poolFrames(recipe, frames, parsePooling(text)).score,
    used: text === video.pooling,
  }));
}

function scoreFrame(recipe: ScoringRule, { time, answers }: FrameResult): FrameScore {
  const logits = answers.map(({ words }) => words.map(({ logit }) => logit));
  const logSumExp = answers.map((answer) => answer.logSumExp);
  return { time, ...scoreLogits(recipe, { logits, logSumExp }) };
}
