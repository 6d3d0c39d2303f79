import { TonescoreError } from "../../errors.js";
import type { ScaleFormat } from "../../scoring/scaleFormat.js";
import type { CommandRun } from "./commandRun.js";
import { clock } from "../../util/clock.js";
import type { LeftOut } from "../../media/inputs/leftOut.js";
import type { ImageResult, Result, StreamFrame, VideoResult } from "../../results/result.js";
import { describeRefusal, refusalOf } from "./gate.js";
import { neverTaught } from "./messages.js";
import { Tally } from "./tally.js";
import { nameOf, printable } from "./style.js";

/** How results are shown, and what is said of them. */
export interface Display {
  readonly scale: ScaleFormat;
  readonly trustThreshold: number;
  readonly failUnder: number | undefined;
  readonly quiet: boolean;
  /** Whether the results go to a terminal, … */
  readonly onTerminal: boolean;
  /** … and whether they go there, or to a pipe, as a table. */
  readonly asTable: boolean;
}

/** Tells the user, on standard error, how the run goes; the results themselves are not its business. */
export class Reporter {
  readonly tally: Tally;
  /** Inputs of which was said that they do not pass. */
  #toldRefused = 0;
  readonly #toldOfUnlearned = new Set<string>();

  /** @param presets by name, where there are several */
  constructor(
    private readonly run: Pick<CommandRun, "progress" | "messages">,
    private readonly shown: Display,
    private readonly presets: readonly string[] = [""],
  ) {
    this.tally = new Tally(shown.scale, presets, shown.failUnder);
  }

  /** Before the first result: what folders and globs had besides. */
  leftOut(files: LeftOut): void {
    const text = files.toString();
    if (text !== "") this.run.messages.note(`left out ${text}`);
  }

  /** After an input's results were written: one for each preset, or its failure. */
  results(results: readonly Result[]): void {
    const refused = this.tally.refused;
    this.tally.add(results);
    if (!this.shown.quiet) this.#toldRefused += this.tally.refused - refused;
    this.run.progress.oneDone();
    for (const [index, result] of results.entries()) this.#tell(result, index === 0);
    this.run.progress.restore();
  }

  /** A feed has no end that its score could be waited for. */
  live({ time, preset, score }: StreamFrame): void {
    const name = this.presets.length > 1 ? `${printable(preset)} ` : "";
    this.run.progress.live(`${clock(time)}  ${name}${score.toFixed(this.shown.scale.digits)}`);
    this.run.progress.restore();
  }

  #tell(result: Result, isFirst: boolean): void {
    const name = nameOf(result.input.path);
    if (result.type === "error") {
      this.run.messages.error(new TonescoreError(result.error.code, result.error.message), name);
      return;
    }
    // What is wrong with the video itself is the same for every preset.
    const ofVideo = result.type === "video" && isFirst ? result.warnings : [];
    for (const warning of ofVideo) this.run.messages.warn(`${name}: ${warning}`);
    const about = this.presets.length > 1 ? `${name}: ${result.preset ?? ""}` : name;
    for (const warning of this.#warnings(result)) this.run.messages.warn(`${about}: ${warning}`);
  }

  /** What is true of all results of a preset is said once. */
  #tellOfUnlearned(name = ""): void {
    const preset = this.presets.length > 1 ? `the preset "${name}"` : "the preset";
    if (this.#toldOfUnlearned.has(preset)) return;
    this.#toldOfUnlearned.add(preset);
    this.run.messages.warn(neverTaught(preset));
  }

  /** After the last one. A single result speaks for itself. */
  summary(inputs: number): string {
    return inputs > 1 && !this.shown.quiet ? this.tally.summary() : "";
  }

  end(inputs: number, interrupted: boolean): void {
    this.run.progress.finish();
    if (interrupted) this.run.messages.note(`stopped after ${this.tally.finished} of ${inputs}`);
    const summary = this.summary(inputs);
    if (summary !== "" && !this.shown.asTable) this.run.messages.note(summary);
    if (this.tally.refused > this.#toldRefused) this.run.messages.refuse(this.tally.verdict(inputs));
  }

  /** The table has a word on distrust, which need not be said twice before the same eyes. */
  get #tableOnTerminal(): boolean {
    return this.shown.asTable && this.shown.onTerminal;
  }

  *#warnings(result: ImageResult | VideoResult): Generator<string> {
    const { trustThreshold, failUnder, scale } = this.shown;
    if (result.distrust === "unlearned") {
      this.#tellOfUnlearned(result.preset);
    } else if (!result.trusted && !this.#tableOnTerminal) {
      const mass = `answer mass ${result.answerMass.toPrecision(2)}, threshold ${trustThreshold}`;
      yield `the model hardly answered with the tone words (${mass}), so its score means little`;
    }
    const refusal = refusalOf(result, failUnder);
    if (refusal && failUnder !== undefined) yield describeRefusal(refusal, result, failUnder, scale);
  }
}
