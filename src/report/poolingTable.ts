import type { PresetIdentity, VideoResult } from "../result.js";
import { type Pooling, parsePooling } from "../scoring/pooling.js";
import type { ShownScale } from "../scoring/shownScale.js";
import { type Html, markup } from "./html.js";
import { type PooledScore, poolEveryWay } from "./pooling.js";

const meanings: Readonly<Record<Pooling["name"], string>> = {
  logits: "mean of the frames’ logits, then one softmax",
  recency: "the same, with more weight on later frames",
  mean: "mean of the frames’ scores",
  harmonic: "harmonic mean of the frames’ scores, in which low ones count more",
  percentile: "the score that so many percent of the frames stay below",
  hysteresis: "viewers react at once to a drop, and forgive it slowly",
};

/** What each way to pool the frames makes of them, side by side. */
export function poolingTable(
  video: VideoResult,
  { recipe }: PresetIdentity,
  scale: ShownScale,
): Html | undefined {
  const pooled = poolEveryWay(video, recipe);
  return pooled.length === 0
    ? undefined
    : markup`<h3>Pooling rules</h3>
        <div class="scroll">
          <table>
            <tbody>
              ${pooled.map((one) => row(one, scale))}
            </tbody>
          </table>
        </div>`;
}

function row({ rule, score, used }: PooledScore, { digits, lowest, highest }: ShownScale): Html {
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
