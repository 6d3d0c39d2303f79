import type { Pull } from "../../models/pull.js";
import { byteText } from "../../util/byteText.js";
import { duration } from "../../util/duration.js";
import type { CommandRun } from "./commandRun.js";

/** Milliseconds of which the rate is the mean. */
const WINDOW = 5000;

/** The pace of bytes that come, over the last seconds. */
export class Pace {
  readonly #seen: { readonly at: number; readonly bytes: number }[] = [];

  constructor(
    private readonly total: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Such as `120 MB of 279 MB, 12.5 MB/s, 13 s left`. */
  text(bytes: number): string {
    const at = this.now();
    this.#seen.push({ at, bytes });
    while (this.#seen.length > 2 && at - (this.#seen[0]?.at ?? at) > WINDOW) this.#seen.shift();
    const first = this.#seen[0] ?? { at, bytes };
    const rate = ((bytes - first.bytes) * 1000) / (at - first.at);
    const counts = `${byteText(bytes)} of ${byteText(this.total)}`;
    if (!(rate > 0) || !Number.isFinite(rate)) return counts;
    return `${counts}, ${byteText(rate)}/s, ${duration((this.total - bytes) / rate)} left`;
  }
}

/** Downloads, and shows how far it is. */
export async function pullShown<T>({ progress, messages, signal }: CommandRun, pull: Pull<T>): Promise<T> {
  const pace = new Pace(pull.bytes);
  if (pull.missing > 0) {
    const more = pull.missing < pull.bytes ? `, of which ${byteText(pull.missing)} are missing` : "";
    messages.note(
      `downloading ${pull.name}: ${byteText(pull.bytes)}${more}, from ${pull.host}/${pull.repository}`,
    );
  }
  try {
    return await pull.run({
      signal,
      onBytes: (bytes) => {
        const what = bytes < pull.bytes ? `downloading ${pace.text(bytes)}` : "checking";
        progress.phase(what, bytes / pull.bytes);
      },
      onWait: (file) => {
        messages.note(`another process downloads ${file}; waiting for it`);
      },
    });
  } finally {
    progress.finish();
  }
}
