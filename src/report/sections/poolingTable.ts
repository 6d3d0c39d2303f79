import type { PresetIdentity, VideoResult } from "../../results/result.js";
import { type Pooling, parsePooling } from "../../scoring/pooling.js";
import { scaleNames } from "../../scoring/scale.js";
import { scaleFormat, type ScaleFormat } from "../../scoring/scaleFormat.js";
import { type Html, markup } from "../page/html.js";
import { type PooledScore, poolEveryWay } from "../pooling.js";

const meanings: Readonly<Record<Pooling["name"], string>> = {
  logits: "mean of the frames’ logits, then one softmax",
  recency: "the same, with more weight on later frames",
  mean: "mean of the frames’ scores",
  harmonic: "harmonic mean of the frames’ scores, in which low ones count more",
  percentile: "the score that so many percent of the frames stay below",
  hysteresis: "viewers react at once to a drop, and forgive it slowly",
};

/**
 * What each way to pool the frames makes of them, side by side. A calibration was fitted to one of them only, so where
 * there is one, all are shown as they are without it.
 */
export function poolingTable(
  video: VideoResult,
  { recipe }: PresetIdentity,
  scale: ScaleFormat,
): Html | undefined {
  const pooled = poolEveryWay(video, recipe);
  if (pooled.length === 0) return undefined;
  const calibrated = scaleNames.every((name) => name !== video.scale);
  const shown = calibrated ? scaleFormat("unit") : scale;
  return markup`<h3>Pooling rules${calibrated ? ", from 0 to 1, without the calibration" : ""}</h3>
    <div class="scroll">
      <table>
        <tbody>
          ${pooled.map((one) => row(one, shown))}
        </tbody>
      </table>
    </div>`;
}

function row({ rule, score, used }: PooledScore, { digits, lowest, highest }: ScaleFormat): Html {
  const shown = lowest + score * (highest - lowest);
  return markup`<tr class="${used ? "used" : ""}">
    <th class="term">${rule}${used ? " (used)" : ""}</th>
    <td class="number">${shown.toFixed(digits)}</td>
    <td>
      <span class="meter"><i style="width:${(score * 100).toFixed(1)}%"></i></span>
      <span class="note">${meanings[parsePooling(rule).name]}</span>
    </td>
  </tr>`;
}
