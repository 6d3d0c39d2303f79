import { type Curve, curveValue } from "../../stats/curves.js";
import type { EvaluatedRow } from "../../results/evaluation.js";
import type { ScaleFormat } from "../../scoring/scaleFormat.js";
import type { Html } from "../page/html.js";
import { axisStyle, drawPlot } from "./drawPlot.js";

const CURVE_POINTS = 80;

export interface Scatter {
  readonly rows: readonly EvaluatedRow[];
  readonly curve: Curve | undefined;
  readonly scale: ScaleFormat;
  readonly tipOf: (row: EvaluatedRow) => string;
}

/** The MOS of each picture against its score, and the curve between them. */
export function scatterOfMos({ rows, curve, scale, tipOf }: Scatter): Html {
  const scores = rows.map((row) => row.score);
  const [from, to] = [Math.min(...scores), Math.max(...scores)];
  const along = Array.from(
    { length: CURVE_POINTS + 1 },
    (_, step) => from + ((to - from) * step) / CURVE_POINTS,
  );
  return drawPlot({
    label: `MOS of ${rows.length} pictures against their scores`,
    height: 380,
    tips: [rows.map((row) => ({ text: tipOf(row) }))],
    option: () => ({
      grid: { left: 52, right: 20, top: 14, bottom: 44 },
      xAxis: { ...axisStyle, type: "value", scale: true, name: scale.title, nameGap: 28 },
      yAxis: { ...axisStyle, type: "value", scale: true, name: "MOS", nameGap: 36 },
      series: [
        points(rows.map(({ score, mos }) => [score, mos])),
        {
          type: "line",
          data: curve ? along.map((score) => [score, curveValue(curve, score)]) : [],
          symbol: "none",
          color: "var(--second)",
          lineStyle: { width: 2.5 },
          silent: true,
        },
      ],
    }),
  });
}

/** What the curve leaves unexplained, over what it expects. */
export function residualsOfMos({ rows, tipOf }: Scatter, curve: Curve): Html {
  const residuals = rows.map(({ score, mos }) => {
    const expected = curveValue(curve, score);
    return [expected, mos - expected];
  });
  return drawPlot({
    label: "Residuals of the curve",
    height: 250,
    tips: [rows.map((row) => ({ text: tipOf(row) }))],
    option: () => ({
      grid: { left: 52, right: 20, top: 14, bottom: 44 },
      xAxis: { ...axisStyle, type: "value", scale: true, name: "MOS that the curve expects", nameGap: 28 },
      yAxis: { ...axisStyle, type: "value", name: "MOS − expected", nameGap: 36 },
      series: points(residuals),
    }),
  });
}

/** Fainter and smaller where there are many. */
function points(data: readonly (readonly number[])[]) {
  const many = data.length > 1000;
  return {
    type: "scatter" as const,
    data: data.map((point) => [...point]),
    symbolSize: many ? 4 : 7,
    itemStyle: { color: "var(--accent)", opacity: many ? 0.35 : 0.6 },
  };
}
