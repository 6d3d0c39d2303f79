/** The time limit is counted in ticks: a machine that slept has missed them. */
const TICK_MS = 1000;

/** A job that the watch is kept over. */
export interface Watched {
  /** Jobs of one group are done one after the other, the others at once. */
  readonly group: number | undefined;
  /** An abort is under way: no sign of life gives it more time. */
  readonly leaving: boolean;
}

interface Entry {
  /** False while it waits for others of its group. */
  began: boolean;
  /** Until which tick there has to be a sign of life. */
  until: number;
}

/** Notices which jobs of a process give no sign of life for too long. */
export class HangWatch<Job extends Watched> {
  readonly #entries = new Map<Job, Entry>();
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
    return this.#entries.size === 0;
  }

  add(job: Job): void {
    this.#entries.set(job, { began: !this.#nextOf(job.group), until: this.#after(this.limitMs) });
    this.#clock ??= setInterval(() => {
      this.#tick();
    }, this.#tickMs).unref();
  }

  /** A sign of life. */
  hear(job: Job): void {
    const entry = this.#entries.get(job);
    if (!entry) return;
    entry.began = true;
    if (!job.leaving) entry.until = this.#after(this.limitMs);
  }

  /** Gives a job at most so much more time. */
  hurry(job: Job, milliseconds: number): void {
    const entry = this.#entries.get(job);
    if (entry) entry.until = Math.min(entry.until, this.#after(milliseconds));
  }

  /** It is done; with it the next of its group begins. */
  delete(job: Job): void {
    this.#entries.delete(job);
    const next = this.#nextOf(job.group);
    if (next) this.hear(next);
    if (!this.isIdle) return;
    clearInterval(this.#clock);
    this.#clock = undefined;
  }

  #nextOf(group: number | undefined): Job | undefined {
    if (group === undefined) return undefined;
    return [...this.#entries.keys()].find((job) => job.group === group);
  }

  #after(milliseconds: number): number {
    return this.#ticks + Math.ceil(milliseconds / this.#tickMs) + 1;
  }

  #tick(): void {
    this.#ticks++;
    const entries = [...this.#entries];
    const working = entries.some(([, { began }]) => began);
    // What has not begun waits for what has, where there is some.
    const hung = entries.filter(([, { until, began }]) => this.#ticks > until && (began || !working));
    if (hung.length > 0) this.onHang(hung.map(([job]) => job));
  }
}
