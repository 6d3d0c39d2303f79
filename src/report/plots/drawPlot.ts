import type { EChartsOption } from "echarts";
import type { ScaleFormat } from "../../scoring/scaleFormat.js";
import { Html, json, markup } from "../page/html.js";
import { init } from "./echarts.js";

/** What is shown when the pointer is at a mark. */
export interface Tip {
  readonly text: string;
  /** The id of an element whose picture is shown with it. */
  readonly picture?: string;
}

/** A plot is drawn for a desk's screen and paper, and anew, with the same size of text, for a phone. */
export interface PlotSize {
  readonly narrow: boolean;
  readonly width: number;
}

export interface Plot {
  /** Read aloud in place of the drawing. */
  readonly label: string;
  readonly height: number;
  readonly option: (size: PlotSize) => EChartsOption;
  /** For each series, one a datum. */
  readonly tips: readonly (readonly Tip[])[];
  /** Where a mark is found above and below it too. */
  readonly overTime?: boolean;
}

const WIDE: PlotSize = { narrow: false, width: 1080 };
const NARROW: PlotSize = { narrow: true, width: 350 };
const NARROW_HEIGHT = 260;

/** Draws a plot twice; the style sheet shows the one that fits. */
export function drawPlot(plot: Plot): Html {
  const { label, tips, overTime = false } = plot;
  return markup`<figure class="plot" role="img" aria-label="${label}" data-over="${overTime ? "time" : ""}">
    ${drawing(plot, WIDE)}${drawing(plot, NARROW)}
    <script type="application/json">
      ${json(tips)}
    </script>
  </figure>`;
}

function drawing(plot: Plot, size: PlotSize): Html {
  const { narrow, width } = size;
  const height = narrow ? Math.min(plot.height, NARROW_HEIGHT) : plot.height;
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: "inherit" },
    emphasis: { disabled: true },
    ...plot.option(size),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return new Html(
    svg
      .replace("<svg ", `<svg class="${narrow ? "narrow" : "wide"}" aria-hidden="true" `)
      // Rules for hovering, which the page's own style and script see to, and clipping, which nothing here needs: both
      // are numbered through the process, and the same results would not make the same page.
      .replace(/<style ?>.*?<\/style>/s, "")
      .replace(/<defs ?>.*?<\/defs>/s, "")
      .replaceAll(/ (class="zr\d+-cls-\d+"|clip-path="[^"]*")/g, ""),
  );
}

const text = { color: "var(--muted)", fontSize: 12 };

/** Numbers without the noise of binary fractions. */
const plain = (value: number): string => String(Number(value.toPrecision(6)));

/** An axis in the page's colours. */
export const axisStyle = {
  nameTextStyle: text,
  axisLabel: { ...text, formatter: plain },
  axisLine: { lineStyle: { color: "var(--line)" } },
  axisTick: { show: false },
  splitLine: { lineStyle: { color: "var(--line)" } },
  nameLocation: "middle",
} as const;

/** An axis of scores, from end to end of their scale. */
export const scoreAxis = ({ lowest, highest }: ScaleFormat) =>
  ({ ...axisStyle, type: "value", min: lowest, max: highest, interval: (highest - lowest) / 4 }) as const;
