import { TonescoreError } from "../errors.js";
import type { ImageResult, Result, VideoResult } from "../result.js";
import { createMessages, type Messages, neverTaught } from "./messages.js";
import type { OutputStream } from "./io.js";
import { Progress } from "./progress.js";
import type { Settings } from "./settings.js";
import { Tally } from "./tally.js";
import { printable } from "./terminal.js";

/** Tells the user, on standard error, how the run goes; the results themselves are not its business. */
export class Reporter {
  readonly progress: Progress;
  readonly messages: Messages;
  readonly tally: Tally;
  #toldOfUnlearned = false;

  constructor(
    private readonly settings: Settings,
    stream: OutputStream,
  ) {
    this.progress = new Progress(stream, !settings.quiet);
    this.messages = createMessages(stream, settings.quiet, () => {
      this.progress.clear();
    });
    this.tally = new Tally(settings.shown, settings.failUnder);
  }

  /** After a result was written. */
  result(result: Result): void {
    this.tally.add(result);
    this.progress.oneDone();
    this.#tell(result);
    this.progress.restore();
  }

  #tell(result: Result): void {
    const { path } = result.input;
    const name = path === undefined || path === "-" ? "standard input" : printable(path);
    if (result.type === "error") {
      this.messages.error(new TonescoreError(result.error.code, result.error.message), name);
      return;
    }
    for (const warning of this.#warnings(result)) this.messages.warn(`${name}: ${warning}`);
  }

  /** What is true of all results of a preset is said once. */
  #tellOfUnlearned(): void {
    if (!this.#toldOfUnlearned) this.messages.warn(neverTaught("the preset"));
    this.#toldOfUnlearned = true;
  }

  /** After the last one. A single result speaks for itself. */
  summary(inputs: number): string {
    return inputs > 1 && !this.settings.quiet ? this.tally.summary() : "";
  }

  end(inputs: number, interrupted: boolean): void {
    this.progress.stop();
    if (interrupted) this.messages.note(`stopped after ${this.tally.finished} of ${inputs}`);
    const summary = this.summary(inputs);
    const inTable = this.settings.format === "table" && this.settings.output === undefined;
    if (summary !== "" && !inTable) this.messages.note(summary);
  }

  /** The table has a word on distrust, which need not be said twice before the same eyes. */
  get #tableOnTerminal(): boolean {
    return this.settings.format === "table" && this.settings.onTerminal;
  }

  *#warnings(result: ImageResult | VideoResult): Generator<string> {
    const { trustThreshold, failUnder = -Infinity, shown } = this.settings;
    if (result.type === "video") yield* result.warnings;
    if (result.distrust === "unlearned") {
      this.#tellOfUnlearned();
    } else if (!result.trusted && !this.#tableOnTerminal) {
      const mass = `answer mass ${result.answerMass.toPrecision(2)}, threshold ${trustThreshold}`;
      yield `the model hardly answered with the tone words (${mass}), so its score means little`;
    }
    if (result.score < failUnder) {
      yield `scored ${result.score.toFixed(shown.digits)}, below ${failUnder}`;
    }
  }
}
