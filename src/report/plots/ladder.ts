import type { ComparedVersion } from "../../results/comparison.js";
import { ladderPlace } from "../../compare/series.js";
import { groupBy } from "../../util/groupBy.js";
import { mean } from "../../stats/numbers.js";
import { byteText } from "../../util/byteText.js";
import { fixed, signed } from "../sections/estimate.js";
import { type Html, markup } from "../page/html.js";
import { axisStyle, drawPlot } from "./drawPlot.js";
import { errorBars } from "./errorBars.js";

const COLOURS = ["accent", "second", "third", "fourth", "fifth", "sixth"].map((name) => `var(--${name})`);

/** One for each series; what comes after the page's own colours is spread over the hues, legible on light and dark. */
const colourOf = (index: number): string =>
  COLOURS[index] ?? `hsl(${Math.round(index * 137.5) % 360}, 45%, ${index % 2 === 0 ? 50 : 60}%)`;

/** A version whose files' size is known. */
interface Step {
  readonly version: ComparedVersion;
  readonly rate: number;
}

/**
 * Mean scores against bits per pixel, or against bytes where there are videos. Versions of one series, such
 * as avif-40 and avif-60, are joined; see {@link ladderPlace}.
 */
export function ladderPlot(versions: readonly ComparedVersion[], digits: number): Html | undefined {
  const perPixel = versions.every(({ bitsPerPixel }) => bitsPerPixel !== undefined);
  const steps = versions.flatMap((version) => {
    const rate = perPixel ? version.bitsPerPixel : version.bytes;
    return rate === undefined ? [] : [{ version, rate }];
  });
  if (steps.length < 2) return undefined;
  const ladders = groupBy(steps, ({ version }) => ladderPlace(version.name).series);
  const sorted = ladders
    .map((ladder) => ladder.toSorted((a, b) => a.rate - b.rate))
    .sort((a, b) => Number(b.length > 1) - Number(a.length > 1) || meanScore(b) - meanScore(a));
  const baseline = versions[0]?.score.value ?? NaN;
  const showRate = (rate: number): string =>
    perPixel ? `${rate.toPrecision(3)} bits/pixel` : byteText(rate);
  const plot = drawPlot({
    label: "Mean score against size",
    height: 380,
    tips: sorted.flatMap((ladder) => [ladder.map((step) => ({ text: tip(step, digits, showRate) })), []]),
    option: () => ({
      grid: { left: 56, right: 60, top: 20, bottom: 44 },
      xAxis: {
        ...axisStyle,
        type: "log",
        logBase: 2,
        name: perPixel ? "bits per pixel" : "bytes",
        nameGap: 28,
        ...ends(steps.map(({ rate }) => rate)),
        axisLabel: {
          ...axisStyle.axisLabel,
          showMinLabel: false,
          showMaxLabel: false,
          formatter: perPixel ? (rate: number) => String(Number(rate.toPrecision(2))) : byteText,
        },
      },
      yAxis: { ...axisStyle, type: "value", scale: true, name: "score", nameGap: 40 },
      series: sorted.flatMap((ladder, index) =>
        ladderSeries(ladder, baseline, colourOf(index), index === 0 || ladder.length === 1),
      ),
    }),
  });
  return markup`${plot}${legend(sorted)}`;
}

function legend(ladders: readonly (readonly Step[])[]): Html {
  const items = ladders.map(
    (ladder, index) => markup`<li><i style="background:${colourOf(index)}"></i>${legendText(ladder)}</li>`,
  );
  return markup`<ul class="legend">${items}</ul>`;
}

/** `avif 40, 60, 80`, in the order of the line. */
function legendText(ladder: readonly Step[]): string {
  const [first, ...others] = ladder.map(({ version }) => version.name);
  if (first === undefined || others.length === 0) return first ?? "";
  const places = [first, ...others].map(ladderPlace);
  return `${places[0]?.series ?? ""} ${places.map(({ step }) => step).join(", ")}`.trim();
}

const meanScore = (ladder: readonly Step[]): number => mean(ladder.map(({ version }) => version.score.value));

/** Room beside the outermost versions. */
const ends = (rates: readonly number[]) => ({
  min: Math.min(...rates) / 1.15,
  max: Math.max(...rates) * 1.15,
});

function tip({ version, rate }: Step, digits: number, showRate: (rate: number) => string): string {
  const { name, score, difference } = version;
  return `${name}\nscore ${fixed(score.value, digits)} (${signed(difference.value, digits)})\n${showRate(rate)}`;
}

/** The intervals are those of the paired differences: how much pictures differ among themselves is not the question. */
function ladderSeries(ladder: readonly Step[], baseline: number, colour: string, above: boolean) {
  const bars = ladder.flatMap(({ version: { difference }, rate }) => {
    const { low, high } = difference;
    if (low === undefined || high === undefined || low === high) return [];
    return [{ low: [rate, baseline + low] as const, high: [rate, baseline + high] as const }];
  });
  const line = {
    type: "line" as const,
    data: ladder.map(({ version, rate }) => ({ name: version.name, value: [rate, version.score.value] })),
    color: colour,
    lineStyle: { width: 2 },
    symbol: "circle",
    symbolSize: 9,
    label: {
      show: true,
      position: above ? ("top" as const) : ("bottom" as const),
      distance: 8,
      formatter: "{b}",
      color: colour,
      fontSize: 12,
    },
    labelLayout: { hideOverlap: true },
  };
  return [line, errorBars(bars, colour)];
}
