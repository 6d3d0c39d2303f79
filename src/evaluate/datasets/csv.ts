import type { GridRow } from "./grid.js";

/** Excel's own line about the separator, above the header. */
const SEPARATOR = /^"?sep=(.)"?[^\S\r\n]*(?:\r\n|\r|\n)/i;

/** The separator that stands most often in the first line that has one, outside quotes. */
function guessSeparator(text: string): string {
  const line = /[^\r\n]*[\t;,][^\r\n]*/.exec(text)?.[0].replace(/"[^"]*"/g, "") ?? "";
  const count = (separator: string): number => line.split(separator).length;
  return ["\t", ",", ";"].reduce((best, other) => (count(other) > count(best) ? other : best));
}

/**
 * The rows of CSV in any of the forms that spreadsheets write, up to `most`.
 * @throws {Error} for quotes that are not closed, naming the line
 */
export async function readCsv(text: string, most: number): Promise<GridRow[]> {
  const { parse } = await import("csv-parse/sync");
  const [line = "", separator] = SEPARATOR.exec(text) ?? [];
  const records = parse(text.slice(line.length), {
    delimiter: separator ?? guessSeparator(text),
    info: true,
    relaxColumnCount: true,
    skipEmptyLines: true,
    to: most,
  });
  return (records as unknown as { info: { lines: number }; record: string[] }[]).map(({ info, record }) => ({
    cells: record,
    place: `line ${info.lines + (line === "" ? 0 : 1)}`,
  }));
}
