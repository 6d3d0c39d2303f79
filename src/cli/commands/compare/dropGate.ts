import type { PairedResults } from "../../../compare/compare.js";
import type { PairedComparison } from "../../../results/comparison.js";

/** Why versions do not pass `--max-drop`; none where they do. What could not be compared proves nothing. */
export function dropRefusals(
  { versions, errors, unpaired }: Pick<PairedComparison, "versions" | "errors" | "unpaired">,
  pairs: readonly PairedResults[],
  maxDrop: number,
): string[] {
  const dropped = versions.slice(1).flatMap(({ name, difference: { value } }) =>
    // A sum of decimal fractions may be a little off.
    value >= -maxDrop - 1e-9
      ? []
      : [`${name} is ${(-value).toFixed(3)} below the baseline, more than ${maxDrop}`],
  );
  const untrusted = pairs
    .flatMap(({ results }) => results)
    .filter((result) => result.type !== "error" && !result.trusted).length;
  return [
    ...dropped,
    ...(untrusted > 0
      ? [
          `${untrusted} ${untrusted === 1 ? "score is" : "scores are"} not trusted, which --max-drop does not pass`,
        ]
      : []),
    ...(errors.length > 0 ? [`${errors.length} failed, which --max-drop does not pass`] : []),
    ...(unpaired.length > 0 ? ["some versions lack pictures, which --max-drop does not pass"] : []),
  ];
}
