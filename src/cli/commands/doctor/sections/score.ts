import { byteText } from "../../../../util/byteText.js";
import type { Outcome } from "../probe.js";
import type { ScoreFacts } from "../probeProgram.js";
import type { Section } from "../section.js";

/** What the bundled model says of the picture that the probe makes, on a processor. */
export const EXPECTED = 0.8441;

/** Processors and GPUs differ by less, in how they round. */
const TOLERANCE = 0.01;

const REPORT = "please report it, with what tonescore doctor --json prints";

/** Without a part of it that is known not to work. */
export const notTried = (missing: string): Section => ({
  summary: [`not tried: ${missing} does not work`],
  facts: {},
  findings: [],
  skipped: true,
});

const isRight = (value: number): boolean => Math.abs(value - EXPECTED) <= TOLERANCE;

const unable = (facts: object, text: string, mend?: string): Section => ({
  summary: ["no picture can be scored"],
  facts,
  findings: [{ level: "fatal", text, ...(mend !== undefined && { mend }) }],
});

/** What to do about a crash depends on whether the GPU is at fault. */
function remedyOf(withoutGpu: Outcome<ScoreFacts> | undefined): string {
  if (!withoutGpu || !("facts" in withoutGpu)) return `it does so without a GPU too: ${REPORT}`;
  const value = withoutGpu.facts.score;
  return isRight(value) ? "tonescore --gpu off …, with which it scores" : REPORT;
}

/** @param withoutGpu what came of it without a GPU, where it crashed with the default options */
export function score(outcome: Outcome<ScoreFacts>, withoutGpu?: Outcome<ScoreFacts>): Section {
  if ("error" in outcome) return unable(outcome, `scoring fails: ${outcome.error}`);
  if ("crash" in outcome) {
    const text = `scoring ends the process: ${outcome.crash}`;
    return unable({ ...outcome, withoutGpu }, text, remedyOf(withoutGpu));
  }
  const { score: value, backend, threads, loading, scoring, peakMemory } = outcome.facts;
  const summary = [
    `${value.toFixed(3)} for a picture made here, on ${backend} with ${threads} ${threads === 1 ? "thread" : "threads"}`,
    `${Math.round(loading)} ms to load, ${Math.round(scoring)} ms to score, ${byteText(peakMemory)} of memory at most`,
  ];
  const facts = { ...outcome.facts, expected: EXPECTED };
  if (isRight(value)) return { summary, facts, findings: [] };
  const text = `the score is ${value.toFixed(4)} and should be ${EXPECTED}: this machine or the installation computes wrongly`;
  return { summary, facts, findings: [{ level: "fatal", text, mend: REPORT }] };
}
