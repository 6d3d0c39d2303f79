import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { TonescoreError } from "../../errors.js";
import { accessError } from "../../media/source.js";
import { jsonValues } from "./jsonValues.js";

/** A row of whatever kind of table: cells by the name of their column. */
export interface TableRow {
  readonly cells: Readonly<Record<string, unknown>>;
  /** For messages, such as `line 12`. */
  readonly place: string;
}

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

const datasetError = (path: string, problem: string, cause?: unknown): TonescoreError =>
  new TonescoreError("ERR_DATASET", `The dataset ${path} cannot be read: ${problem}`, { cause });

/**
 * Reads a table by the ending of its name: `.csv` (commas, semicolons or tabs), `.tsv`, `.json`, `.ndjson`, `.jsonl`,
 * `.xlsx`, or TID2013's `mos_with_names.txt`.
 * @throws {TonescoreError} `ERR_DATASET`, `ERR_INPUT_NOT_FOUND`, `ERR_INPUT_UNREADABLE`
 */
export async function readTable(path: string): Promise<Table> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw accessError(path, cause);
  });
  const reader = readers[extname(path).toLowerCase()];
  if (!reader) {
    throw datasetError(path, `expected ${Object.keys(readers).join(", ")}, not "${basename(path)}".`);
  }
  try {
    const rows = await reader(bytes);
    return { rows, columns: [...new Set(rows.flatMap(({ cells }) => Object.keys(cells)))] };
  } catch (error) {
    throw datasetError(path, error instanceof Error ? error.message : String(error), error);
  }
}

const readers: Readonly<Record<string, (bytes: Buffer) => TableRow[] | Promise<TableRow[]>>> = {
  ".csv": readCsv,
  ".tsv": readCsv,
  ".json": readJson,
  ".ndjson": readJson,
  ".jsonl": readJson,
  ".xlsx": readXlsx,
  ".txt": readNumberAndName,
};

async function readCsv(bytes: Buffer): Promise<TableRow[]> {
  const { parse } = await import("csv-parse/sync");
  const firstLine = bytes.toString("utf8").split(/\r?\n/, 1)[0] ?? "";
  const delimiter = firstLine.includes("\t") ? "\t" : firstLine.includes(",") ? "," : ";";
  const records = parse(bytes, { bom: true, columns: true, delimiter, info: true, skipEmptyLines: true });
  return (records as unknown as { info: { lines: number }; record: Record<string, string> }[]).map(
    ({ info, record }) => ({ cells: named(record), place: `line ${info.lines}` }),
  );
}

/** BIQ2021's header ends in commas: columns without names. */
const named = (record: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name.trim() !== ""));

function readJson(bytes: Buffer): TableRow[] {
  const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
  return [...jsonValues(text)].flatMap(({ value, line }) =>
    Array.isArray(value)
      ? value.map((item: unknown, index) => asRow(item, `entry ${index + 1}`))
      : [asRow(value, `line ${line}`)],
  );
}

function asRow(value: unknown, place: string): TableRow {
  if (typeof value === "object" && value !== null) return { cells: { ...value }, place };
  throw new Error(`expected an object at ${place}, not ${JSON.stringify(value)}.`);
}

async function readXlsx(bytes: Buffer): Promise<TableRow[]> {
  const { readSheet } = await import("read-excel-file/node");
  const [header = [], ...rows] = await readSheet(bytes);
  return rows.map((row, index) => ({
    cells: named(Object.fromEntries(header.map((name, column) => [String(name ?? ""), row[column]]))),
    place: `row ${index + 2}`,
  }));
}

/** TID2013 has a number and a file's name on each line, and no header. */
function readNumberAndName(bytes: Buffer): TableRow[] {
  const lines = bytes.toString("utf8").split(/\r?\n/);
  return lines.flatMap((line, index) => {
    if (line.trim() === "") return [];
    const [mos, ...name] = line.trim().split(/\s+/);
    return [{ cells: { mos, name: name.join(" ") }, place: `line ${index + 1}` }];
  });
}
