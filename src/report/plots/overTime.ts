import { clock } from "../../util/clock.js";
import type { VideoResult } from "../../results/result.js";
import type { ScaleFormat } from "../../scoring/scaleFormat.js";
import type { Html } from "../page/html.js";
import { axisStyle, drawPlot, scoreAxis } from "./drawPlot.js";
import { toneText } from "../sections/tones.js";

/** More marks than this would touch one another. */
const MOST_MARKS = 130;

/** The frames' scores over time; `pictureAt` names the element that shows a frame. */
export function overTime(
  { frames, score }: VideoResult,
  scale: ScaleFormat,
  pictureAt: (time: number) => string | undefined,
): Html {
  const tips = frames.map((frame) => {
    const picture = pictureAt(frame.time);
    const text = `${clock(frame.time)} · ${frame.score.toFixed(scale.digits)}\n${toneText(frame.tones)}`;
    return { text, ...(picture !== undefined && { picture }) };
  });
  return drawPlot({
    label: `Score of ${frames.length} frames over time`,
    height: 250,
    tips: [tips],
    overTime: true,
    option: ({ narrow }) => ({
      grid: { left: 40, right: 20, top: 16, bottom: 26 },
      xAxis: {
        ...axisStyle,
        type: "value",
        min: frames[0]?.time ?? 0,
        max: frames.at(-1)?.time ?? 0,
        splitLine: { show: false },
        splitNumber: narrow ? 4 : 8,
        minInterval: 1,
        axisLabel: { ...axisStyle.axisLabel, formatter: clock, showMaxLabel: false },
      },
      yAxis: { ...scoreAxis(scale), axisLine: { show: false } },
      series: [
        {
          type: "line",
          data: frames.map((frame) => [frame.time, frame.score]),
          color: "var(--accent)",
          lineStyle: { width: 2 },
          areaStyle: { opacity: 0.1 },
          symbol: "circle",
          symbolSize: frames.length > MOST_MARKS ? 2 : 7,
          showAllSymbol: true,
          itemStyle: { color: "var(--accent)" },
        },
        {
          type: "line",
          data: [frames.at(0), frames.at(-1)].map((end) => [end?.time ?? 0, score]),
          color: "var(--muted)",
          lineStyle: { type: "dashed", width: 1 },
          symbol: "none",
        },
      ],
    }),
  });
}
