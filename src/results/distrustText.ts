import type { ScoreFields } from "./result.js";

/** In a few words why a score is not trusted; undefined where it is. */
export function distrustText({ trusted, distrust, answerMass }: ScoreFields): string | undefined {
  if (trusted) return undefined;
  return distrust === "unlearned" ? "never learned" : `answer mass ${answerMass.toPrecision(2)}`;
}
