import { basename, dirname } from "node:path";
import type { Result, ScoredResult } from "tonescore";
import type { Row, Share } from "../shared/bridge.cjs";

/** Below it an attribute is a reason. */
const LOW = 0.5;

const percent = (value: number): string => `${Math.round(100 * value)}`;

const why = {
  unlearned: "The model never learned this question: do not rely on the score.",
  answerMass: "The model hardly answered the question: do not rely on the score.",
} as const;

function reasonsOf(result: ScoredResult, attributes: readonly Share[]): readonly string[] {
  const low = attributes.filter(({ value }) => value < LOW).sort((a, b) => a.value - b.value);
  return [
    ...(result.distrust === undefined ? [] : [why[result.distrust]]),
    ...(low.length === 0
      ? []
      : [`Low: ${low.map(({ name, value }) => `${name} ${percent(value)}`).join(", ")}`]),
    ...(result.type === "video" ? result.warnings : []),
    ...result.input.treatment.map((treatment) => `Before it was scored: ${treatment}`),
  ];
}

/** @param results of one input, by preset: the quality first, then the attributes; or one error. */
export function toRow(id: number, results: readonly Result[]): Row {
  const [first, ...others] = results;
  if (!first) throw new Error("There is no result");
  const { path = "" } = first.input;
  const named = { id, name: basename(path), folder: dirname(path) };
  if (first.type === "error") return { ...named, type: "error", ...first.error };
  const attributes = others.flatMap((other) =>
    other.type !== "error" && other.trusted ? [{ name: other.preset ?? "", value: other.score }] : [],
  );
  return {
    ...named,
    type: first.type,
    score: first.score,
    trusted: first.trusted,
    tones: first.tones.map(({ name, probability }) => ({ name, value: probability })),
    attributes,
    reasons: reasonsOf(first, attributes),
  };
}
