import type { ScaleFormat } from "../../scoring/scaleFormat.js";
import type { Html } from "../page/html.js";
import { axisStyle, drawPlot, scoreAxis } from "./drawPlot.js";

const BINS = 25;
const GRID = { left: 34, right: 14, top: 26, bottom: 24 };

interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Equal parts of the scale; the best score belongs to the last. */
function binScores(scores: readonly number[], { lowest, highest }: ScaleFormat): Bin[] {
  const width = (highest - lowest) / BINS;
  const counts = new Array<number>(BINS).fill(0);
  for (const score of scores) {
    const bin = Math.floor((score - lowest) / width);
    const inside = Math.min(BINS - 1, Math.max(0, bin));
    counts[inside] = (counts[inside] ?? 0) + 1;
  }
  return counts.map((count, index) => ({
    from: lowest + index * width,
    to: lowest + (index + 1) * width,
    count,
  }));
}

/** How many pictures have which score. */
export function histogram(scores: readonly number[], scale: ScaleFormat, mean: number): Html {
  const bins = binScores(scores, scale);
  const { lowest, highest, digits } = scale;
  return drawPlot({
    label: `Distribution of ${scores.length} scores from ${lowest} to ${highest}`,
    height: 230,
    tips: [
      bins.map(({ from, to, count }) => ({
        text: `${from.toFixed(digits)} to ${to.toFixed(digits)}\n${count} of ${scores.length}`,
      })),
    ],
    option: ({ width }) => ({
      grid: GRID,
      xAxis: { ...scoreAxis(scale), splitLine: { show: false } },
      yAxis: { ...axisStyle, type: "value", minInterval: 1, splitNumber: 3, axisLine: { show: false } },
      series: [
        {
          type: "bar",
          barWidth: (width - GRID.left - GRID.right) / BINS - 2,
          data: bins.map(({ from, to, count }) => ({
            value: [(from + to) / 2, count],
            itemStyle: { color: toneColour(((from + to) / 2 - lowest) / (highest - lowest)) },
          })),
          itemStyle: { borderRadius: [3, 3, 0, 0] },
        },
        {
          type: "line",
          data: [
            [mean, 0],
            [mean, Math.max(...bins.map(({ count }) => count))],
          ],
          symbol: "none",
          color: "var(--ink)",
          lineStyle: { width: 1 },
          endLabel: {
            show: true,
            offset: [-5, -14],
            align: "center",
            color: "var(--ink)",
            formatter: `mean ${mean.toFixed(digits)}`,
          },
        },
      ],
    }),
  });
}

/** A colour between the tones', for 0 (worst) to 1 (best). */
function toneColour(position: number): string {
  const below = Math.min(3, Math.floor(position * 4));
  const share = Math.round((position * 4 - below) * 100);
  return `color-mix(in oklab, var(--tone${below + 1}) ${share}%, var(--tone${below}))`;
}
