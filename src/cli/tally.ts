import type { Result } from "../result.js";
import type { ShownScale } from "../scoring/shownScale.js";

/** Counts a run's results as they come, for the summary and the exit code. */
export class Tally {
  readonly #scores: number[] = [];
  #failed = 0;
  #below = 0;
  #earlier = 0;

  constructor(
    private readonly shown: ShownScale,
    private readonly failUnder = -Infinity,
  ) {}

  add(result: Result): void {
    if (result.type === "error") this.#failed++;
    else this.#addScore(result.score);
  }

  /** An input that an earlier run has scored. */
  addEarlier(score: number): void {
    this.#earlier++;
    this.#addScore(score);
  }

  get scored(): number {
    return this.#scores.length;
  }
  get failed(): number {
    return this.#failed;
  }
  get below(): number {
    return this.#below;
  }
  get finished(): number {
    return this.scored + this.failed;
  }

  /** One line, such as `12 scored: mean 0.612, median 0.640, lowest 0.201, highest 0.931; 1 failed`. */
  summary(): string {
    const counts = [
      this.#scores.length === 0 ? "nothing scored" : `${this.scored} scored: ${this.#figures()}`,
      this.#earlier > 0 && `${this.#earlier} of them by an earlier run`,
      this.#below > 0 && `${this.#below} below ${this.failUnder}`,
      this.#failed > 0 && `${this.#failed} failed`,
    ];
    return counts.filter((part) => part !== false).join("; ");
  }

  #addScore(score: number): void {
    this.#scores.push(score);
    if (score < this.failUnder) this.#below++;
  }

  #figures(): string {
    const sorted = Float64Array.from(this.#scores).sort();
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
