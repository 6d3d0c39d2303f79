const COMPLAINTS: ReadonlySet<string> = new Set(["error", "fatal", "panic"]);

/** Damage that some demuxers report as a warning only. */
const DAMAGE = /partial file|ended prematurely|corrupt|truncat/i;

/** Complaints kept, and the length of a line after which the rest is let go. */
const KEPT = 6;
const LONGEST = 400;

/** Parts a line, as `-loglevel repeat+level+warning` prints it: `[component @ 0x5581] … [level] text`. */
function parse(line: string): { level: string; text: string } | undefined {
  let from = 0;
  while (line[from] === "[") {
    const to = line.indexOf("] ", from);
    if (to < 0) return undefined;
    const tag = line.slice(from + 1, to);
    from = to + 2;
    if (!tag.includes(" @ ")) return { level: tag, text: line.slice(from).trim() };
  }
  return undefined;
}

/**
 * Keeps what ffmpeg complains of, in its words, for messages to people. Files can put text of theirs into it, so
 * nothing else may rest on it. Time is linear and memory bounded, whatever is written.
 */
export class FfmpegLog {
  readonly #complaints: string[] = [];
  #line = "";

  write(chunk: string): void {
    let from = 0;
    for (const { index } of chunk.matchAll(/[\r\n]/g)) {
      this.#append(chunk, from, index);
      this.#take();
      from = index + 1;
    }
    this.#append(chunk, from, chunk.length);
  }

  #append(chunk: string, from: number, to: number): void {
    this.#line += chunk.slice(from, Math.min(to, from + LONGEST - this.#line.length));
  }

  #take(): void {
    const { level, text } = parse(this.#line) ?? { level: "", text: "" };
    this.#line = "";
    if (!COMPLAINTS.has(level) && !(level === "warning" && DAMAGE.test(text))) return;
    const shown = text.replace(/\p{Cc}/gu, "·");
    if (!this.#complaints.includes(shown)) this.#complaints.push(shown);
    // The first complaint names the cause, the last ones the outcome.
    if (this.#complaints.length > KEPT) this.#complaints.splice(1, 1);
  }

  /** What went wrong so far, in ffmpeg's words. */
  get complaints(): readonly string[] {
    return this.#complaints;
  }
}
