import { frameCount } from "../../../results/frameText.js";
import type { ErrorResult, ImageResult, Result, ScoredResult, VideoResult } from "../../../results/result.js";
import { mean } from "../../../stats/numbers.js";
import type { RunPreset } from "../../options/runPresets.js";
import type { ResultFormat } from "../../../results/write.js";

type Cell = string | number | boolean | undefined;

interface Column {
  readonly title: string;
  readonly cell: (results: readonly Result[]) => Cell;
}

/** As RFC 4180 has it. */
function cell(value: Cell): string {
  const text = value === undefined ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csvLine = (cells: readonly Cell[]): string => `${cells.map(cell).join(",")}\r\n`;

const shared = (title: string, get: (result: Result) => Cell): Column => ({
  title,
  cell: ([first]) => first && get(first),
});

const ofScored = (title: string, get: (result: ScoredResult) => Cell, index = 0): Column => ({
  title,
  cell: (results) => {
    const result = results[index];
    return result === undefined || result.type === "error" ? undefined : get(result);
  },
});

const ofError = (title: string, get: (error: ErrorResult["error"]) => Cell): Column =>
  shared(title, (result) => (result.type === "error" ? get(result.error) : undefined));

const ofPicture = (title: string, get: (result: ImageResult) => Cell, index: number): Column =>
  ofScored(title, (result) => (result.type === "image" ? get(result) : undefined), index);

const ofVideo = (title: string, get: (result: VideoResult) => Cell): Column =>
  ofScored(title, (result) => (result.type === "video" ? get(result) : undefined));

const scoreColumn = (index: number, suffix: string): Column =>
  ofScored(`score${suffix}`, ({ score }) => score, index);

/** Tones are named by users too: the prefix keeps a tone called "score" out of the score's column. */
const detailColumns = ({ tones }: RunPreset, index: number, suffix: string): Column[] => [
  ...tones.map((name) =>
    ofScored(
      `p${suffix}_${name}`,
      (result) => result.tones.find((tone) => tone.name === name)?.probability,
      index,
    ),
  ),
  ofScored(`answer_mass${suffix}`, ({ answerMass }) => answerMass, index),
  ofScored(`trusted${suffix}`, ({ trusted }) => trusted, index),
  ofPicture(`whole${suffix}`, ({ score, views }) => (views ? views.whole.score : score), index),
  ofPicture(`crops${suffix}`, ({ views }) => views && mean(views.crops.map(({ score }) => score)), index),
];

/** A row an input. One preset is named in a column; of several each has columns of its own, named after it. */
export function csvFormat(presets: readonly RunPreset[]): ResultFormat {
  const suffixes = presets.map(({ image }) => (presets.length === 1 ? "" : `_${image}`));
  const columns: readonly Column[] = [
    shared("path", ({ input }) => input.path),
    shared("type", ({ type }) => type),
    ...suffixes.map((suffix, index) => scoreColumn(index, suffix)),
    ...(presets.length === 1 ? [ofScored("preset", ({ preset }) => preset)] : []),
    ...presets.flatMap((preset, index) => detailColumns(preset, index, suffixes[index] ?? "")),
    ofScored("width", ({ input }) => input.width),
    ofScored("height", ({ input }) => input.height),
    ofVideo("frames", frameCount),
    ofVideo("partial", ({ partial }) => partial),
    ofError("error_code", ({ code }) => code),
    ofError("error_message", ({ message }) => message),
  ];
  return {
    start: csvLine(columns.map(({ title }) => title)),
    results: (results) => csvLine(columns.map((column) => column.cell(results))),
  };
}
