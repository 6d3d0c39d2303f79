/** The time limit is counted in ticks: a machine that slept has missed them. */
const TICK_MS = 1000;

/** A job that the watch is kept over. */
export interface Watched {
  /** Jobs of one group are done one after the other, the others at once. */
  readonly group: number | undefined;
  /** An abort is under way: no sign of life gives it more time. */
  readonly leaving: boolean;
}

/** Notices which jobs of a process give no sign of life for too long. */
export class HangWatch<Job extends Watched> {
  /** Until which tick there has to be a sign of life of each. */
  readonly #until = new Map<Job, number>();
  readonly #tickMs: number;
  #ticks = 0;
  #clock: NodeJS.Timeout | undefined;

  /** @param onHang is told the jobs to blame */
  constructor(
    private readonly limitMs: number,
    private readonly onHang: (jobs: readonly Job[]) => void,
  ) {
    this.#tickMs = Math.min(TICK_MS, limitMs / 10);
  }

  get isIdle(): boolean {
    return this.#until.size === 0;
  }

  add(job: Job): void {
    this.#until.set(job, this.#after(this.limitMs));
    this.#clock ??= setInterval(() => {
      this.#tick();
    }, this.#tickMs).unref();
  }

  /** A sign of life. */
  hear(job: Job): void {
    if (this.#until.has(job) && !job.leaving) this.#until.set(job, this.#after(this.limitMs));
  }

  /** Gives a job at most so much more time. */
  hurry(job: Job, milliseconds: number): void {
    const until = this.#until.get(job);
    if (until !== undefined) this.#until.set(job, Math.min(until, this.#after(milliseconds)));
  }

  /** It is done; with it the next of its group begins. */
  delete(job: Job): void {
    this.#until.delete(job);
    const next = this.#firstOf(job.group);
    if (next) this.hear(next);
    if (!this.isIdle) return;
    clearInterval(this.#clock);
    this.#clock = undefined;
  }

  #firstOf(group: number | undefined): Job | undefined {
    if (group === undefined) return undefined;
    return [...this.#until.keys()].find((job) => job.group === group);
  }

  #after(milliseconds: number): number {
    return this.#ticks + Math.ceil(milliseconds / this.#tickMs) + 1;
  }

  #tick(): void {
    this.#ticks++;
    const late = [...this.#until].filter(([, until]) => this.#ticks > until).map(([job]) => job);
    // Others of a group wait for its first.
    const hung = late.filter((job) => job.group === undefined || this.#firstOf(job.group) === job);
    if (hung.length > 0) this.onHang(hung);
  }
}
