import type { ScoreFields } from "../../results/result.js";
import type { ScaleFormat } from "../../scoring/scaleFormat.js";

/** What `--fail-under` looks at. */
export type Judged = Pick<ScoreFields, "score" | "trusted">;

/** Why a result does not pass a limit: a score that means little proves nothing, however high it is. */
export type Refusal = "below" | "untrusted";

export function refusalOf({ score, trusted }: Judged, limit: number | undefined): Refusal | undefined {
  if (limit === undefined) return undefined;
  if (!(score >= limit)) return "below"; // no number passes either
  return trusted ? undefined : "untrusted";
}

/** For a message about one input. */
export function describeRefusal(
  refusal: Refusal,
  { score }: Judged,
  limit: number,
  shown: ScaleFormat,
): string {
  const scored = `scored ${score.toFixed(shown.digits)}`;
  return refusal === "below"
    ? `${scored}, below ${limit}`
    : `${scored}, which is not trusted and so does not pass --fail-under ${limit}`;
}
