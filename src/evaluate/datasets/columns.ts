import { basename } from "node:path";
import { expected } from "../../util/expected.js";
import type { columnOptions } from "../../options/datasetOptions.js";
import type { Typed } from "../../options/option.js";
import { didYouMean } from "../../util/suggest.js";
import { type Layout, layouts } from "./layouts.js";
import type { Table, TableRow } from "./table.js";

type ColumnOptions = Typed<typeof columnOptions>;

/** A row of the list, before its file is looked for. */
export interface ListedRow {
  readonly name: string;
  readonly mos: number;
  readonly group?: string;
  readonly place: string;
}

const fileNames = [
  ...[
    "path",
    "file",
    "file_path",
    "file_name",
    "filename",
    "name",
    "image",
    "image_path",
    "image_name",
    "image name",
  ],
  ...["img", "img_path", "img_name", "dist_img", "video", "video_path", "video_name"],
];
const mosNames = ["mos", "gt_score", "mean_opinion_score", "quality", "score"];
const groupNames = ["group"];

const code = "ERR_DATASET";

/** The published layout that a list has, if it is one. */
export function recognise(path: string, { columns }: Table): Layout | undefined {
  const lower = new Set(columns.map((column) => column.trim().toLowerCase()));
  return layouts.find(({ signature, lists }) =>
    signature.length > 0
      ? signature.every((column) => lower.has(column))
      : lists.some((list) => basename(list) === basename(path)),
  );
}

/**
 * The rows of a list, by the columns that the options name, else those of its layout, else those with usual names.
 * @throws {TonescoreError} `ERR_DATASET` for columns that are not there and values that are no numbers
 */
export function readRows(
  path: string,
  table: Table,
  layout: Layout | undefined,
  options: ColumnOptions,
): ListedRow[] {
  const find = finder(path, table.columns);
  const file = find("files", options.fileColumn, layout?.fileColumns ?? fileNames, "--file-column");
  const mos = find("MOS values", options.mosColumn, layout ? [layout.mosColumn] : mosNames, "--mos-column");
  const group =
    options.groupColumn === undefined
      ? columnAmong(
          path,
          table.columns,
          layout?.groupColumn === undefined ? groupNames : [layout.groupColumn],
        )
      : find("groups", options.groupColumn, [], "--group-column");
  checkDecimals(path, table.rows, mos);
  return table.rows.map((row) => {
    const cell = text(row, file);
    if (cell === "") {
      throw expected(`a file in the column "${file}" of "${path}"`, { code, but: `${row.place} names none` });
    }
    const name = layout?.fileName && options.fileColumn === undefined ? layout.fileName(cell) : cell;
    const groupName = group === undefined ? layout?.group?.(basename(name)) : text(row, group);
    return {
      name,
      mos: numberIn(path, row, mos),
      place: row.place,
      ...(groupName !== undefined && groupName !== "" && { group: groupName }),
    };
  });
}

function finder(path: string, columns: readonly string[]) {
  const has = `it has: ${columns.join(", ") || "none"}`;
  return (what: string, named: string | undefined, usual: readonly string[], option: string): string => {
    const found =
      named === undefined ? columnAmong(path, columns, usual) : columnAmong(path, columns, [named], true);
    if (found !== undefined) return found;
    if (named !== undefined) {
      const but = `there is none${didYouMean(named, columns)}; ${has}`;
      throw expected(`a column "${named}" in "${path}"`, { code, but });
    }
    const dmos = what.startsWith("MOS") && columnAmong(path, columns, ["dmos"]) !== undefined;
    const hint = dmos ? " Where low DMOS is good, add --dmos." : "";
    throw expected(`a column with the ${what} in "${path}", such as "${usual[0] ?? ""}"`, {
      code,
      but: has,
      remedy: `Name it with ${option}.${hint}`,
    });
  };
}

/**
 * The first of some names that is a column, in whatever case. Where several columns have that name, none is taken.
 * @param exact whether one that is written exactly so is meant before others
 */
function columnAmong(
  path: string,
  columns: readonly string[],
  names: readonly string[],
  exact = false,
): string | undefined {
  for (const name of names) {
    const alike = columns.filter((column) => column.trim().toLowerCase() === name.trim().toLowerCase());
    const same = exact ? alike.filter((column) => column === name) : [];
    const [found, ...others] = same.length === 1 ? same : alike;
    if (others.length > 0) {
      const but = `there are ${alike.length} of one name: "${alike.join('" and "')}"`;
      const remedy = "Rename all but one.";
      throw expected(`columns with names of their own in "${path}"`, { code, but, remedy });
    }
    if (found !== undefined) return found;
  }
  return undefined;
}

function text({ cells }: TableRow, column: string): string {
  const cell = cells[column];
  return typeof cell === "string" || typeof cell === "number" ? String(cell).trim() : "";
}

const NUMBER = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?$/i;

function numberIn(path: string, row: TableRow, column: string): number {
  const cell = text(row, column);
  const value = NUMBER.test(cell) ? Number(cell.replace(",", ".")) : NaN;
  if (Number.isFinite(value)) return value;
  throw expected(`a number in the column "${column}" (${row.place} of "${path}")`, {
    code,
    received: row.cells[column],
  });
}

/** A comma is a decimal one where no row has a point: else one of the two might separate thousands. */
function checkDecimals(path: string, rows: readonly TableRow[], column: string): void {
  const withMark = (mark: string): TableRow | undefined =>
    rows.find(({ cells: { [column]: cell } }) => typeof cell === "string" && cell.includes(mark));
  const [comma, point] = [withMark(","), withMark(".")];
  if (!comma || !point) return;
  const commas = `decimal commas (${comma.place}: ${text(comma, column)})`;
  const points = `decimal points (${point.place}: ${text(point, column)})`;
  throw expected(`one way of writing numbers in the column "${column}" of "${path}"`, {
    code,
    but: `there are ${commas} and ${points}`,
    remedy: "Write all of them alike.",
  });
}
