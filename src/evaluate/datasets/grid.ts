import type { Table } from "./table.js";

/** A row of cells by their place alone, as in a spreadsheet. */
export interface GridRow {
  readonly cells: readonly unknown[];
  /** For messages, such as `line 12`. */
  readonly place: string;
}

const isBlank = (cell: unknown): boolean =>
  cell === null || cell === undefined || (typeof cell === "string" && cell.trim() === "");

/**
 * The first row that is not empty names the columns. Columns without a name are left out, but behind the last name there
 * may be nothing: there a decimal comma or a comma in a name has made one cell into two.
 * @throws {Error} which names the row
 */
export function tableOfGrid(grid: readonly GridRow[]): Table {
  const [header, ...rows] = grid.filter(({ cells }) => !cells.every(isBlank));
  const names = (header?.cells ?? []).map((cell) => (isBlank(cell) ? "" : String(cell)));
  const width = names.findLastIndex((name) => name !== "") + 1;
  return {
    columns: names.filter((name) => name !== ""),
    rows: rows.map(({ cells, place }) => {
      if (!cells.slice(width).every(isBlank)) throw new Error(tooMany(place, cells.length, width));
      const named = names.flatMap((name, column) => (name === "" ? [] : [[name, cells[column]] as const]));
      return { cells: Object.fromEntries(named), place };
    }),
  };
}

const tooMany = (place: string, cells: number, columns: number): string =>
  `${place} has ${cells} cells, but the header names ${columns} columns. Put a cell with a separator in it in quotes`;
