import type { ErrorResult, ImageResult, ToneProbability, VideoResult } from "../../result.js";
import { shownDistrust } from "../../shownDistrust.js";
import { pad, printable, shorten, width, type Style } from "../terminal.js";
import type { Format, FormatContext } from "./format.js";
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

/** A row a result; the columns are aligned, and the paths shortened where the terminal is too narrow for all. */
export function tableFormat({ paths, videos, shown, style, columns, summary }: FormatContext): Format {
  const { digits, title, highest } = shown;
  const scoreColumns = Math.max(title.length, highest.toFixed(digits).length);
  const longestPath = paths.reduce((longest, path) => Math.max(longest, width(printable(path))), leastPath);
  let titled = false;

  const barColumns = (): number => ((columns() ?? Infinity) < narrowTerminal ? 10 : 20);

  const line = (path: string, score: string, rest: string): string => {
    const available = columns() ?? Infinity;
    const taken = scoreColumns + barColumns() + 2 * gap.length + (videos ? timelineColumns : 0);
    const pathColumns = Math.min(longestPath, Math.max(leastPath, available - taken));
    const name = pad(shorten(printable(path), pathColumns, "middle"), pathColumns);
    return shorten([name, score.padStart(scoreColumns), rest].join(gap), available);
  };

  const titles = (tones: readonly ToneProbability[]): string => {
    const legend = tones.map((tone) => `${style.blocks(tone.weight, 1)} ${printable(tone.name)}`);
    return `${style.bold(line("path", title, legend.join(gap)))}\n`;
  };

  const row = (result: ImageResult | VideoResult): string => {
    const distrust = shownDistrust(result);
    const rest = [
      toneBar(result.tones, barColumns(), style),
      ...(distrust === undefined ? [] : [style.warning(`untrusted, ${distrust}`)]),
      ...(result.type === "video" ? [timeline(result, shown)] : []),
    ];
    return `${line(result.input.path ?? "", result.score.toFixed(digits), rest.join(gap))}\n`;
  };

  const failure = ({ input, error }: ErrorResult): string =>
    `${line(input.path ?? "", "-", style.failure(`failed (${error.code})`))}\n`;

  return {
    result(result) {
      if (result.type === "error") return failure(result);
      const first = titled ? "" : titles(result.tones);
      titled = true;
      return first + row(result);
    },
    end() {
      const text = summary();
      return text === "" ? "" : `${style.dim(text)}\n`;
    },
  };
}
