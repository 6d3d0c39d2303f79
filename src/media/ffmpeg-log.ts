/** One line of ffmpeg's log under `-loglevel repeat+level+info`. */
export interface LogLine {
  /** The part of ffmpeg that speaks, as in `[Parsed_showinfo_1 @ 0x5581]`; empty for ffmpeg itself. */
  readonly component: string;
  readonly level: string;
  readonly text: string;
}

const LINE = /^((?:\[[^\]]* @ [^\]]*\] )*)\[(\w+)\] (.*)$/;

/** Damage that some demuxers report as a warning only. */
const DAMAGE = /partial file|ended prematurely|corrupt|truncat/i;

const KEPT = 6;

/** Cuts what ffmpeg writes to stderr into lines, and keeps the complaints for a message. */
export class FfmpegLog {
  readonly #onLine: (line: LogLine) => void;
  #rest = "";
  #complaints: string[] = [];

  constructor(onLine: (line: LogLine) => void) {
    this.#onLine = onLine;
  }

  write(chunk: string): void {
    const lines = (this.#rest + chunk).split(/[\r\n]+/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#take(line);
  }

  #take(line: string): void {
    const [, component, level, text] = LINE.exec(line) ?? [];
    if (component === undefined || level === undefined || text === undefined) return;
    if (["error", "fatal", "panic"].includes(level) || (level === "warning" && DAMAGE.test(text))) {
      if (!this.#complaints.includes(text.trim())) this.#complaints.push(text.trim());
      // The first complaint names the cause, the last ones the outcome.
      if (this.#complaints.length > KEPT) this.#complaints.splice(1, 1);
    }
    this.#onLine({ component: component.trim(), level, text });
  }

  /** What went wrong so far, in ffmpeg's words. */
  get complaints(): readonly string[] {
    return this.#complaints;
  }
}
