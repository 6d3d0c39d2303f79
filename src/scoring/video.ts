import { checkArgument } from "../util/arguments.js";
import { FramePool, type FrameScore, type PooledScore } from "./framePool.js";
import * as kinds from "./kinds.js";
import { DEFAULT_POOLING, type Pooling, poolingKind } from "./pooling.js";
import { type ScoringRule } from "./score.js";
import { DEFAULT_TRUST_THRESHOLD } from "./trustThreshold.js";

export type { FrameScore } from "./framePool.js";

export interface VideoScore extends PooledScore {
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
  const pool = new FramePool(rule, pooling, trustThreshold, learned);
  for (const frame of frames) pool.add(frame);
  return { ...pool.result(), frames };
}
