import type { ComparedPicture, ComparedVersion } from "../../results/comparison.js";
import { signed } from "../sections/estimate.js";
import type { Html } from "../page/html.js";
import { axisStyle, drawPlot } from "./drawPlot.js";
import { errorBars } from "./errorBars.js";

const ROW = 52;

/** How far each picture of each version is from the baseline, with the mean and its interval. */
export function differencesPlot(
  versions: readonly ComparedVersion[],
  pictures: readonly ComparedPicture[],
  digits: number,
): Html {
  const rows = versions.slice(1);
  const marks = rows.flatMap(({ name }, row) =>
    pictures.map((picture, index) => ({
      name: picture.name,
      version: name,
      difference: picture.items[row + 1]?.difference ?? NaN,
      height: row + spread(index),
    })),
  );
  const bars = rows.flatMap(({ difference: { low, high } }, row) =>
    low === undefined || high === undefined ? [] : [{ low: [low, row] as const, high: [high, row] as const }],
  );
  return drawPlot({
    label: `Differences from ${versions[0]?.name ?? ""} for ${pictures.length} pictures`,
    height: 60 + ROW * rows.length,
    tips: [
      marks.map(({ name, version, difference }) => ({
        text: `${name}\n${version}: ${signed(difference, digits)}`,
      })),
      rows.map(({ name, difference }) => ({ text: `${name}\nmean ${signed(difference.value, digits)}` })),
    ],
    option: ({ narrow }) => ({
      grid: { left: narrow ? 70 : 130, right: 20, top: 8, bottom: 44 },
      xAxis: { ...axisStyle, type: "value", name: "difference", nameGap: 28 },
      yAxis: {
        ...axisStyle,
        type: "value",
        inverse: true,
        min: -0.5,
        max: rows.length - 0.5,
        interval: 0.5,
        splitLine: { show: false },
        axisLine: { show: false },
        axisLabel: {
          ...axisStyle.axisLabel,
          color: "var(--ink)",
          width: narrow ? 60 : 120,
          overflow: "truncate",
          formatter: (row: number) => rows[row]?.name ?? "",
        },
      },
      series: [
        {
          type: "scatter",
          data: marks.map(({ difference, height }) => [difference, height]),
          symbolSize: pictures.length > 300 ? 4 : 7,
          itemStyle: { color: "var(--accent)", opacity: 0.45 },
        },
        {
          type: "scatter",
          data: rows.map(({ difference }, row) => [difference.value, row]),
          symbol: "diamond",
          symbolSize: 13,
          itemStyle: { color: "var(--second)" },
        },
        errorBars(bars, "var(--second)"),
      ],
    }),
  });
}

/** Spreads marks of a row up and down, evenly and always the same: multiples of the golden ratio. */
const spread = (index: number): number => (((index * 0.618034) % 1) - 0.5) * 0.6;
