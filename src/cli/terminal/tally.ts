import type { Result } from "../../results/result.js";
import type { ScaleFormat } from "../../scoring/scaleFormat.js";
import { type Judged, type Refusal, refusalOf } from "./gate.js";

/** Counts a run's inputs as their results come, for the summary and the exit code. */
export class Tally {
  /** For each preset. */
  readonly #scores: readonly number[][];
  readonly #refused: Record<Refusal, number> = { below: 0, untrusted: 0 };
  #failed = 0;
  #partial = 0;
  #earlier = 0;

  constructor(
    private readonly shown: ScaleFormat,
    private readonly presets: readonly string[],
    private readonly failUnder: number | undefined,
  ) {
    this.#scores = presets.map(() => []);
  }

  /** An input's results: one for each preset, or its failure. */
  add(results: readonly Result[]): void {
    const scored = results.filter((result) => result.type !== "error");
    if (scored.length < results.length) {
      this.#failed++;
      return;
    }
    if (scored.some((result) => result.type === "video" && result.partial === true)) this.#partial++;
    this.#addScores(scored);
  }

  /** An input that an earlier run has scored. */
  addEarlier(results: readonly Judged[]): void {
    this.#earlier++;
    this.#addScores(results);
  }

  get scored(): number {
    return this.#scores[0]?.length ?? 0;
  }
  get failed(): number {
    return this.#failed;
  }
  /** Streams of which only a part was seen. */
  get partial(): number {
    return this.#partial;
  }
  /** Inputs that do not pass `--fail-under`. */
  get refused(): number {
    return this.#refused.below + this.#refused.untrusted;
  }
  get finished(): number {
    return this.scored + this.failed;
  }

  /** One line, such as `12 scored: mean 0.612, median 0.640, lowest 0.201, highest 0.931; 1 failed`. */
  summary(): string {
    const { below, untrusted } = this.#refused;
    const counts = [
      this.scored === 0 ? "nothing scored" : `${this.scored} scored: ${this.#figures()}`,
      this.#earlier > 0 && `${this.#earlier} of them by an earlier run`,
      below > 0 && `${below} below ${this.failUnder}`,
      untrusted > 0 && `${untrusted} not trusted`,
      this.#partial > 0 && `${this.#partial} in part`,
      this.#failed > 0 && `${this.#failed} failed`,
    ];
    return counts.filter((part) => part !== false).join("; ");
  }

  /** Why the run does not pass, such as `2 of 12 do not pass --fail-under 0.5: 1 below, 1 not trusted`. */
  verdict(inputs: number): string {
    const { below, untrusted } = this.#refused;
    const counts = [below > 0 && `${below} below`, untrusted > 0 && `${untrusted} not trusted`];
    const why = counts.filter((part) => part !== false).join(", ");
    const verb = this.refused === 1 ? "does" : "do";
    return `${this.refused} of ${inputs} ${verb} not pass --fail-under ${this.failUnder}: ${why}`;
  }

  #addScores(results: readonly Judged[]): void {
    for (const [index, { score }] of results.entries()) this.#scores[index]?.push(score);
    const refusals = results.map((result) => refusalOf(result, this.failUnder));
    const refusal = refusals.includes("below") ? "below" : refusals.find((one) => one !== undefined);
    if (refusal) this.#refused[refusal]++;
  }

  #figures(): string {
    const [first = []] = this.#scores;
    if (this.presets.length === 1) return this.#figuresOf(first);
    return this.#scores
      .map((scores, index) => `${this.presets[index] ?? ""} ${this.#figuresOf(scores)}`)
      .join("; ");
  }

  #figuresOf(scores: readonly number[]): string {
    const sorted = Float64Array.from(scores).sort();
    const { digits } = this.shown;
    const show = (value = NaN): string => value.toFixed(digits);
    const mean = sorted.reduce((sum, score) => sum + score, 0) / sorted.length;
    return [
      `mean ${show(mean)}`,
      `median ${show(median(sorted))}`,
      `lowest ${show(sorted[0])}`,
      `highest ${show(sorted.at(-1))}`,
    ].join(", ");
  }
}

function median(sorted: Float64Array): number {
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? NaN) + upper) / 2 : upper;
}
