import { scaleNames } from "../scoring/scale.js";
import { scaleFormat, type ScaleFormat } from "../scoring/scaleFormat.js";

/** How to show the scores of a run. A calibration's scale says nothing of its ends, so the scores themselves do. */
export function reportScale(
  results: readonly { readonly scale: string; readonly score: number }[],
): ScaleFormat {
  const name = results[0]?.scale ?? "unit";
  const known = scaleNames.find((scale) => scale === name);
  if (known) return scaleFormat(known);
  const scores = results.map((result) => result.score);
  const [lowest, highest] = [
    scores.reduce((a, b) => Math.min(a, b)),
    scores.reduce((a, b) => Math.max(a, b)),
  ];
  const margin = (highest - lowest) * 0.05 || 0.5;
  return { lowest: lowest - margin, highest: highest + margin, digits: 3, title: name };
}
