import { clock } from "../../../util/clock.js";
import type { ErrorResult, RunningScore, ScoredResult } from "../../../results/result.js";
import type { ToneProbability } from "../../../scoring/score.js";
import { distrustText } from "../../../results/distrustText.js";
import { frameText } from "../../../results/frameText.js";
import type { RunPreset } from "../../options/runPresets.js";
import { printable, type Style } from "../../terminal/style.js";
import { pad, shorten, width } from "../../terminal/width.js";
import type { ResultFormat } from "../../../results/write.js";
import type { FormatContext } from "./format.js";
import { timeline } from "./timeline.js";

const narrowTerminal = 100;
const leastPath = 20;
/** What a video's timeline takes. */
const timelineColumns = 45;
const gap = "  ";

/** Blocks in proportion to the tones' probabilities, the best tone first as the preset has it. */
export function toneBar(tones: readonly ToneProbability[], columns: number, style: Style): string {
  let sum = 0;
  let drawn = 0;
  return tones
    .map(({ probability, weight }) => {
      sum += probability;
      const end = Math.round(sum * columns);
      const blocks = style.blocks(weight, end - drawn);
      drawn = end;
      return blocks;
    })
    .join("");
}

/** A row an input; the columns are aligned, and the paths shortened where the terminal is too narrow for all. */
export function tableFormat({
  presets,
  paths,
  videos,
  shown,
  style,
  ...context
}: FormatContext): ResultFormat {
  const { columns, summary } = context;
  const { digits, title, highest } = shown;
  const several = presets.length > 1;
  const headings = several ? presets.map(({ image }) => printable(image)) : [title];
  const scoreColumns = headings.map((heading) => Math.max(width(heading), highest.toFixed(digits).length));
  const longestPath = paths.reduce((longest, path) => Math.max(longest, width(printable(path))), leastPath);
  let titled = false;

  const barColumns = (): number => ((columns() ?? Infinity) < narrowTerminal ? 10 : 20);

  const line = (path: string, scores: readonly string[], rest: string): string => {
    const available = columns() ?? Infinity;
    const taken =
      scoreColumns.reduce((sum, each) => sum + each + gap.length, 0) +
      (several ? 0 : gap.length + barColumns() + (videos ? timelineColumns : 0));
    const pathColumns = Math.min(longestPath, Math.max(leastPath, available - taken));
    const name = pad(shorten(printable(path), pathColumns, "middle"), pathColumns);
    const cells = scoreColumns.map((each, index) => padStart(scores[index] ?? "", each));
    return shorten([name, ...cells, rest].join(gap).trimEnd(), available);
  };

  const titles = (tones: readonly ToneProbability[]): string => {
    const legend = tones.map((tone) => `${style.blocks(tone.weight, 1)} ${printable(tone.name)}`);
    const rest = several ? `(${title})` : [namesOf(presets, videos), ...legend].join(gap);
    return `${style.bold(line("path", headings, rest))}\n`;
  };

  const row = (results: readonly ScoredResult[]): string => {
    const [first] = results;
    if (!first) return "";
    const rest = [
      ...(several ? [] : [toneBar(first.tones, barColumns(), style)]),
      ...(first.type === "video" && first.partial === true ? [style.warning("partial")] : []),
      ...results.flatMap((result) => untrusted(result, several)).map((text) => style.warning(text)),
      ...(first.type !== "video" ? [] : several ? [frameText(first)] : [timeline(first, shown)]),
    ];
    const scores = results.map(({ score }) => score.toFixed(digits));
    return `${line(first.input.path ?? "", scores, rest.join(gap))}\n`;
  };

  const failure = ({ input, error }: ErrorResult): string =>
    `${line(
      input.path ?? "",
      headings.map(() => "-"),
      style.failure(`failed (${error.code})`),
    )}\n`;

  const heading = (tones: readonly ToneProbability[] = []): string => {
    const text = titled ? "" : titles(tones);
    titled = true;
    return text;
  };

  const running = ({ preset, from, to, score, ...result }: RunningScore): string => {
    const index = presets.findIndex(({ image, video }) => preset === video || preset === image);
    const scores = headings.map((_, column) => (column === Math.max(0, index) ? score.toFixed(digits) : ""));
    const rest = several ? "" : toneBar(result.tones, barColumns(), style);
    return `${line(`${clock(from)} to ${clock(to)}`, scores, rest)}\n`;
  };

  return {
    results(results) {
      const [first] = results;
      if (first?.type === "error") return failure(first);
      const scored = results.filter((result) => result.type !== "error");
      return heading(scored[0]?.tones) + row(scored);
    },
    event: (event) => (event.type === "running" ? heading(event.tones) + running(event) : ""),
    end() {
      const text = summary();
      return text === "" ? "" : `${style.dim(text)}\n`;
    },
  };
}

const padStart = (text: string, columns: number): string =>
  " ".repeat(Math.max(0, columns - width(text))) + text;

/** By default videos are asked by a preset of their own. */
function namesOf([preset]: readonly RunPreset[], videos: boolean): string {
  if (!preset) return "";
  const { image, video } = preset;
  return printable(!videos || image === video ? image : `${image}, videos ${video}`);
}

function untrusted(result: ScoredResult, several: boolean): string[] {
  const why = distrustText(result);
  if (why === undefined) return [];
  return [`${several ? `${printable(result.preset ?? "")} ` : ""}untrusted, ${why}`];
}
