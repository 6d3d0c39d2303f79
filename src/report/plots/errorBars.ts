import type { CustomSeriesOption } from "echarts";

/** A bar from the low to the high end of an interval. */
export interface ErrorBar {
  readonly low: readonly [x: number, y: number];
  readonly high: readonly [x: number, y: number];
}

/** Intervals behind the marks of another series. */
export function errorBars(bars: readonly ErrorBar[], colour: string): CustomSeriesOption {
  return {
    type: "custom",
    silent: true,
    z: 1,
    data: bars.map(({ low, high }) => [...low, ...high]),
    encode: { x: [0, 2], y: [1, 3] },
    renderItem: (_, api) => {
      const [x1 = NaN, y1 = NaN] = api.coord([api.value(0), api.value(1)]);
      const [x2 = NaN, y2 = NaN] = api.coord([api.value(2), api.value(3)]);
      return {
        type: "line",
        shape: { x1, y1, x2, y2 },
        style: { stroke: colour, lineWidth: 5, opacity: 0.3, lineCap: "round" },
      };
    },
  };
}
