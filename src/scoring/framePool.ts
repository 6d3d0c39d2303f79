import { expected } from "../util/expected.js";
import { hysteresis } from "./frameRules.js";
import { percentile } from "../stats/percentile.js";
import { DEFAULT_POOLING, type Pooling, poolingText } from "./pooling.js";
import { type LogitReading, type Score, scoreLogits, type ScoringRule, trust } from "./score.js";
import { DEFAULT_TRUST_THRESHOLD } from "./trustThreshold.js";

/** The score of one frame, and its time in seconds. */
export interface FrameScore extends Score {
  readonly time: number;
  /** Of all frames, where several were asked about together; `time` is the first one's. */
  readonly times?: readonly number[];
}

export interface PooledScore extends Score {
  readonly pooling: string;
}

/**
 * Pools frames as they come, in the order of time, and lets them go: what it keeps does not grow but for `percentile`
 * and `hysteresis`, which need a number a frame.
 */
export class FramePool {
  #count = 0;
  /** What the frames count for, all together: recency gives the earlier ones less. */
  #weight = 0;
  #first: FrameScore | undefined;
  #lastTime = NaN;
  /** Weighted sums of all numbers that are averaged, in the order of {@link numbersOf}. */
  #sums = new Float64Array();
  #scoreSum = 0;
  #inverseSum = 0;
  readonly #scores: number[] = [];

  constructor(
    private readonly rule: ScoringRule,
    private readonly pooling: Pooling = DEFAULT_POOLING,
    private readonly trustThreshold = DEFAULT_TRUST_THRESHOLD,
    private readonly learned = true,
  ) {}

  get count(): number {
    return this.#count;
  }

  add(frame: FrameScore): void {
    const { pooling } = this;
    const numbers = numbersOf(frame);
    if (this.#first === undefined) {
      this.#first = frame;
      this.#sums = new Float64Array(numbers.length);
    }
    const decay =
      pooling.name === "recency" && this.#count > 0
        ? Math.exp((this.#lastTime - frame.time) / pooling.seconds)
        : 1;
    this.#sums = this.#sums.map((sum, index) => sum * decay + (numbers[index] ?? NaN));
    this.#weight = this.#weight * decay + 1;
    this.#scoreSum += frame.score;
    this.#inverseSum += 1 / frame.score;
    if (pooling.name === "percentile" || pooling.name === "hysteresis") this.#scores.push(frame.score);
    this.#lastTime = frame.time;
    this.#count++;
  }

  /** The score of all frames so far. */
  result(): PooledScore {
    const first = this.#first;
    if (!first) throw expected("at least one frame to pool", { but: "there is none" });
    const averages = [...this.#sums].map((sum) => sum / this.#weight).values();
    const next = (): number => averages.next().value ?? NaN;
    const answerMass = next();
    const averaged = first.tones.map((tone) => ({ ...tone, probability: next() }));
    const reading = readingOf(first, next);
    const { score: ofLogits, tones, questions } = scoreLogits(this.rule, reading);
    const score = this.#pooled();
    return {
      ...(score === undefined ? { score: ofLogits, tones } : { score, tones: averaged }),
      questions,
      ...trust(answerMass, this.trustThreshold, this.learned),
      pooling: poolingText(this.pooling),
    };
  }

  /** Of the frames' scores; undefined where logits are pooled instead. */
  #pooled(): number | undefined {
    const { pooling } = this;
    switch (pooling.name) {
      case "logits":
      case "recency":
        return undefined;
      case "mean":
        return this.#scoreSum / this.#count;
      case "harmonic":
        return this.#count / this.#inverseSum; // 0 as soon as one frame has 0, which is the limit
      case "percentile":
        return percentile(this.#scores, pooling.percent);
      case "hysteresis":
        return hysteresis(this.#scores, Math.max(1, Math.round(pooling.seconds / this.#interval())));
    }
  }

  /** The mean time between frames: counting frames keeps windows steady where their times are a little uneven. */
  #interval(): number {
    const length = this.#lastTime - (this.#first?.time ?? NaN);
    return this.#count > 1 && length > 0 ? length / (this.#count - 1) : Infinity;
  }
}

/** The answer mass, the tones' probabilities, then each question's logits and log-sum-exp. */
const numbersOf = ({ answerMass, tones, questions }: Score): number[] => [
  answerMass,
  ...tones.map(({ probability }) => probability),
  ...questions.flatMap(({ words, logSumExp }) => [...words.map(({ logit }) => logit), logSumExp]),
];

function readingOf({ questions }: Score, next: () => number): LogitReading {
  const rows = questions.map(({ words }) => ({ logits: words.map(next), logSumExp: next() }));
  return { logits: rows.map(({ logits }) => logits), logSumExp: rows.map(({ logSumExp }) => logSumExp) };
}
