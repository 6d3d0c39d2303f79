import { byteText } from "../../../../util/byteText.js";
import type { Outcome } from "../probe.js";
import type { ScoreFacts } from "../probeProgram.js";
import type { Section } from "../section.js";

/** What the bundled model says of the picture that the probe makes, on a processor. */
export const EXPECTED = 0.8145;

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

export function score(outcome: Outcome<ScoreFacts>): Section {
  if (!("facts" in outcome)) {
    const why = "error" in outcome ? outcome.error : outcome.crash;
    const crashed = "crash" in outcome;
    const text = crashed ? `scoring ends the process: ${why}` : `scoring fails: ${why}`;
    const mend = crashed ? `try tonescore --gpu off …; if that crashes too, ${REPORT}` : undefined;
    return {
      summary: ["no picture can be scored"],
      facts: outcome,
      findings: [{ level: "fatal", text, ...(mend !== undefined && { mend }) }],
    };
  }
  const { score: value, backend, threads, loading, scoring, peakMemory } = outcome.facts;
  const summary = [
    `${value.toFixed(3)} for a picture made here, on ${backend} with ${threads} ${threads === 1 ? "thread" : "threads"}: ` +
      `${Math.round(loading)} ms to load, ${Math.round(scoring)} ms to score, ${byteText(peakMemory)} of memory at most`,
  ];
  if (Math.abs(value - EXPECTED) <= TOLERANCE)
    return { summary, facts: { ...outcome.facts, expected: EXPECTED }, findings: [] };
  const text = `the score is ${value.toFixed(4)} and should be ${EXPECTED}: this machine or the installation computes wrongly`;
  return {
    summary,
    facts: { ...outcome.facts, expected: EXPECTED },
    findings: [{ level: "fatal", text, mend: REPORT }],
  };
}
