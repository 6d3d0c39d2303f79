import type { Result } from "../../result.js";
import type { Format } from "./format.js";

type Cell = string | number | boolean | undefined;
type Row = Readonly<Record<string, Cell>>;

/** As RFC 4180 has it. */
function cell(value: Cell): string {
  const text = value === undefined ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csvLine = (cells: readonly Cell[]): string => `${cells.map(cell).join(",")}\r\n`;

function row(result: Result): Row {
  const { type, input } = result;
  if (result.type === "error") {
    const { code, message } = result.error;
    return { path: input.path, type, error_code: code, error_message: message };
  }
  return {
    path: input.path,
    type,
    score: result.score,
    ...Object.fromEntries(result.tones.map((tone) => [column(tone.name), tone.probability])),
    answer_mass: result.answerMass,
    trusted: result.trusted,
    width: result.input.width,
    height: result.input.height,
    frames: result.type === "video" ? result.frames.length : undefined,
  };
}

// Tones are named by users too: the prefix keeps a tone called "score" out of the score's column.
const column = (tone: string): string => `p_${tone}`;

/** A row a result; `tones` gives the probability columns. */
export function csvFormat(tones: readonly string[]): Format {
  const columns = [
    ...["path", "type", "score"],
    ...tones.map(column),
    ...["answer_mass", "trusted", "width", "height", "frames", "error_code", "error_message"],
  ];
  return {
    start: csvLine(columns),
    result(result) {
      const values = row(result);
      return csvLine(columns.map((name) => values[name]));
    },
  };
}
