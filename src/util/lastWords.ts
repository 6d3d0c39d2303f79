const KEPT = 8_000;
const LONGEST = 300;

/** Keeps the end of what a process writes to its standard error, for messages to people. */
export class LastWords {
  #text = "";

  constructor(stderr: NodeJS.ReadableStream | null) {
    stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      this.#text = (this.#text + chunk).slice(-KEPT);
    });
  }

  /** The line that says why the process ended, or else the last; empty where there is none. */
  get line(): string {
    const lines = this.#text.trim().split("\n");
    const line = lines.find((each) => /assert|error|terminate/i.test(each)) ?? lines.at(-1) ?? "";
    return line
      .trim()
      .slice(0, LONGEST)
      .replace(/\p{Cc}/gu, "·");
  }

  /** What ended the process, with that line. */
  after(end: string): string {
    return this.line === "" ? end : `${end}: ${this.line}`;
  }
}
