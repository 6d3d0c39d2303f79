import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { shown } from "../../util/shown.js";
import { messageOf } from "../../util/messageOf.js";
import { expected } from "../../util/expected.js";
import { accessError, statFile } from "../../media/inputs/source.js";
import { readCsv } from "./csv.js";
import { decodeText } from "./encoding.js";
import { tableOfGrid } from "./grid.js";
import { jsonValues } from "./jsonValues.js";
import type { Table, TableRow } from "./table.js";

/** More than any published dataset has; a list from elsewhere must not take all memory. */
const MOST_BYTES = 2 ** 26;
const MOST_ROWS = 5e5;

const code = "ERR_DATASET";

/**
 * Reads a table by the ending of its name: `.csv` (commas, semicolons or tabs), `.tsv`, `.json`, `.ndjson`, `.jsonl`,
 * `.xlsx`, or TID2013's `mos_with_names.txt`.
 * @throws {TonescoreError} `ERR_DATASET`, `ERR_INPUT_NOT_FOUND`, `ERR_INPUT_UNREADABLE`
 */
export async function readTable(path: string): Promise<Table> {
  const reader = readers[extname(path).toLowerCase()];
  if (!reader) {
    const what = `a list that ends in one of ${Object.keys(readers).join(", ")}`;
    throw expected(what, { code, received: basename(path) });
  }
  const bytes = await readBytes(path);
  try {
    const table = await reader(bytes);
    if (table.rows.length <= MOST_ROWS) return table;
  } catch (error) {
    throw expected(`the list of a dataset in "${path}"`, { code, but: messageOf(error), cause: error });
  }
  const remedy = "Give it in parts.";
  throw expected(`at most ${MOST_ROWS} rows in "${path}"`, { code, but: "there are more", remedy });
}

async function readBytes(path: string): Promise<Buffer> {
  const { size } = await statFile(path);
  if (size > MOST_BYTES) {
    const remedy = "Give it in parts.";
    throw expected(`a list of at most ${MOST_BYTES} bytes`, { code, but: `"${path}" has ${size}`, remedy });
  }
  return readFile(path).catch((cause: unknown) => {
    throw accessError(path, cause);
  });
}

const readers: Readonly<Record<string, (bytes: Buffer) => Table | Promise<Table>>> = {
  ".csv": readGrid,
  ".tsv": readGrid,
  ".json": readJson,
  ".ndjson": readJson,
  ".jsonl": readJson,
  ".xlsx": readXlsx,
  ".txt": (bytes) => (isNumberAndName(bytes) ? readNumberAndName(bytes) : readGrid(bytes)),
};

async function readGrid(bytes: Buffer): Promise<Table> {
  const andOneMore = MOST_ROWS + 2; // with the header
  return tableOfGrid(await readCsv(decodeText(bytes), andOneMore));
}

function readJson(bytes: Buffer): Table {
  const rows = [...jsonValues(decodeText(bytes))].flatMap(({ value, line }) =>
    Array.isArray(value)
      ? value.map((item: unknown, index) => asRow(item, `entry ${index + 1}`))
      : [asRow(value, `line ${line}`)],
  );
  return { rows, columns: columnsOf(rows) };
}

const columnsOf = (rows: readonly TableRow[]): string[] => {
  const columns = new Set<string>();
  for (const { cells } of rows) for (const name of Object.keys(cells)) columns.add(name);
  return [...columns];
};

function asRow(value: unknown, place: string): TableRow {
  if (typeof value === "object" && value !== null) return { cells: { ...value }, place };
  throw new Error(`${place} is ${shown(value)} and no object`);
}

async function readXlsx(bytes: Buffer): Promise<Table> {
  const { readSheet } = await import("read-excel-file/node");
  const rows = await readSheet(bytes);
  return tableOfGrid(rows.map((cells, index) => ({ cells, place: `row ${index + 1}` })));
}

const isNumberAndName = (bytes: Buffer): boolean =>
  /^\s*[+-]?[\d.]+\s+\S/.test(decodeText(bytes.subarray(0, 1024)));

/** TID2013 has a number and a file's name on each line, and no header. */
function readNumberAndName(bytes: Buffer): Table {
  const rows = decodeText(bytes)
    .split(/\r?\n/)
    .flatMap((line, index) => {
      if (line.trim() === "") return [];
      const [mos, ...name] = line.trim().split(/\s+/);
      return [{ cells: { mos, name: name.join(" ") }, place: `line ${index + 1}` }];
    });
  return { rows, columns: ["mos", "name"] };
}
