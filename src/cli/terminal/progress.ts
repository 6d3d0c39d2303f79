import { duration } from "../../util/duration.js";
import type { OutputStream } from "./io.js";
import { nameOf } from "./style.js";

const redrawEveryMs = 100;
const barColumns = 24;
/** The rate is that of so many last results: steady, yet quick to follow a change. */
const rateResults = 64;

/** One line at the bottom of a terminal that is redrawn in place; elsewhere nothing at all. */
export class Progress {
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #finishedAt: number[] = [];
  #shorten: ((text: string, columns: number) => string) | undefined;
  #phase: { readonly what: string; readonly fraction: number } | undefined;
  #paths: readonly string[] = [];
  #done = 0;
  #frames = 0;
  #live = "";
  #drawn = false;
  #cleared = false;

  constructor(
    private readonly stream: OutputStream,
    shown: boolean,
    private readonly now: () => number = () => performance.now(),
  ) {
    if (!shown || stream.isTTY !== true) return;
    void import("./width.js").then(({ shorten }) => {
      this.#shorten = shorten;
    });
    // The first drawing is a tick away, so what is quick shows no progress.
    this.#timer = setInterval(() => {
      this.draw();
    }, redrawEveryMs);
    this.#timer.unref();
  }

  /** How far something is that gives no results, such as `loading the model`. */
  phase(what: string, fraction: number): void {
    this.#phase = { what, fraction };
  }

  /** Results will come for these, in this order. */
  start(paths: readonly string[]): void {
    this.#phase = undefined;
    this.#paths = paths;
    this.#done = 0;
    this.#finishedAt.splice(0, Infinity, this.now());
  }

  /** Nothing more is to be shown until the next beginning. */
  finish(): void {
    this.#phase = undefined;
    this.#paths = [];
    this.clear();
  }

  /** Of the video whose result comes next. */
  frames(count: number): void {
    this.#frames = count;
  }

  /** What a feed was last scored, such as `0:12 0.712`. */
  live(text: string): void {
    this.#live = text;
  }

  oneDone(): void {
    this.#done++;
    this.#frames = 0;
    this.#live = "";
    this.#finishedAt.push(this.now());
    if (this.#finishedAt.length > rateResults) this.#finishedAt.shift();
  }

  /** Makes room for other text, after which {@link restore} draws again, or else the next tick. */
  clear(): void {
    if (!this.#drawn) return;
    this.stream.write("\r\x1b[2K");
    this.#drawn = false;
    this.#cleared = true;
  }

  restore(): void {
    if (this.#cleared) this.draw();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.clear();
  }

  draw(): void {
    const text = this.line();
    if (text === "" || !this.#shorten) return;
    this.stream.write(`\r\x1b[2K${this.#shorten(text, (this.stream.columns ?? 80) - 1)}`);
    this.#drawn = true;
    this.#cleared = false;
  }

  line(): string {
    if (this.#phase) return `${this.#phase.what} ${percent(this.#phase.fraction)}`;
    const current = this.#paths[this.#done];
    if (current === undefined) return "";
    const counts = this.#paths.length > 1 ? this.#counts() : [];
    const frames = this.#frames > 0 ? [`${this.#frames} frames`] : [];
    const live = this.#live === "" ? [] : [this.#live];
    return [...counts, nameOf(current), ...frames, ...live].join("  ");
  }

  #counts(): string[] {
    const total = this.#paths.length;
    const fraction = this.#done / total;
    const filled = Math.round(fraction * barColumns);
    const bar = "━".repeat(filled) + "─".repeat(barColumns - filled);
    const rate = this.#rate();
    const left = duration((total - this.#done) / rate);
    const pace = Number.isFinite(rate) && rate > 0 ? [`${rate.toPrecision(3)}/s`, `${left} left`] : [];
    return [bar, percent(fraction), `${this.#done}/${total}`, ...pace];
  }

  #rate(): number {
    const times = this.#finishedAt;
    const since = times[0] ?? NaN;
    return ((times.length - 1) * 1000) / (this.now() - since);
  }
}

const percent = (fraction: number): string => `${Math.floor(fraction * 100)}%`.padStart(4);
