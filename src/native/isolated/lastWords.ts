import type { Readable } from "node:stream";

const KEPT = 8_000;
const LONGEST = 300;

/** Keeps the end of what a process writes to its standard error, for messages to people. */
export class LastWords {
  #text = "";

  constructor(stderr: Readable | null) {
    stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      this.#text = (this.#text + chunk).slice(-KEPT);
    });
  }

  /** What ended the process, with the line of its last words that says why, where one does. */
  after(end: string): string {
    const line = this.#text.split("\n").find((each) => /assert|error|terminate/i.test(each));
    if (line === undefined) return end;
    return `${end}: ${line
      .trim()
      .slice(0, LONGEST)
      .replace(/\p{Cc}/gu, "·")}`;
  }
}
