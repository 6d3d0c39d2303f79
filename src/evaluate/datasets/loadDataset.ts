import { dirname, join, resolve } from "node:path";
import { expected } from "../../util/expected.js";
import { datasetOptions } from "../../options/datasetOptions.js";
import { checkTyped, type Typed } from "../../options/option.js";
import { checkArgument, path as pathKind } from "../../util/arguments.js";
import { type ListedRow, readRows, recognise } from "./columns.js";
import { FileFinder } from "./files.js";
import { findList } from "./lists.js";
import { readTable } from "./readTable.js";
import { mapOrdered } from "../../util/mapOrdered.js";

/** Files that are looked for at once. */
const AT_ONCE = 32;

export interface DatasetRow {
  /** Where the file is, as it can be opened from the working folder. */
  readonly path: string;
  /** In the dataset's own unit; a high value is always good. */
  readonly mos: number;
  readonly group?: string;
}

export interface Dataset {
  readonly path: string;
  /** Such as `KonIQ-10k`, or `table` where the columns were found by their names. */
  readonly layout: string;
  /** Whether the list has DMOS, which {@link loadDataset} has flipped. */
  readonly dmos: boolean;
  readonly rows: readonly DatasetRow[];
  /** How many listed files are not there. */
  readonly missing: number;
}

export type DatasetOptions = Typed<typeof datasetOptions>;

/**
 * Reads a list of pictures or videos and their MOS: CSV, TSV, JSON, NDJSON or XLSX with columns of usual names, or the
 * layout of KonIQ-10k, SPAQ, KADID-10k, AGIQA-3K, TID2013, BIQ2021, KoNViD-1k, Q-Bench (and, once they are exported from
 * MATLAB, LIVE In the Wild and LIVE-VQC).
 * @param path of the list, or of the folder of such a dataset.
 * @throws {TonescoreError} `ERR_DATASET` where columns, numbers or files are missing or a file stands twice,
 * `ERR_INPUT_NOT_FOUND`, `ERR_INPUT_UNREADABLE`
 */
export async function loadDataset(path: string, options: DatasetOptions = {}): Promise<Dataset> {
  checkArgument("the dataset", path, pathKind);
  checkTyped(datasetOptions, options);
  const list = await findList(path);
  const table = await readTable(list);
  const layout = recognise(list, table);
  const listed = readRows(list, table, layout, options);
  const finder = new FileFinder(
    options.folder === undefined ? foldersOf(list, layout?.folders) : [options.folder],
  );
  const found: (string | undefined)[] = [];
  for await (const file of mapOrdered(listed, AT_ONCE, ({ name }) => finder.find(name))) found.push(file);
  checkAllThere(list, listed, found, finder, options);
  const rows = listed.flatMap(({ mos, group }, index): DatasetRow[] => {
    const file = found[index];
    return file === undefined ? [] : [{ path: file, mos, ...(group !== undefined && { group }) }];
  });
  if (options.allowDuplicates !== true) checkNoneTwice(list, listed, found);
  return {
    path: list,
    layout: layout?.name ?? "table",
    dmos: options.dmos === true,
    rows: options.dmos === true ? flip(rows) : rows,
    missing: listed.length - rows.length,
  };
}

/** Lists stand in the dataset's folder or in one below it. */
function foldersOf(list: string, folders: readonly string[] = []): string[] {
  const beside = dirname(list);
  const above = join(beside, "..");
  return [
    ...folders.map((folder) => join(beside, folder)),
    beside,
    ...folders.map((folder) => join(above, folder)),
  ];
}

function checkAllThere(
  list: string,
  listed: readonly ListedRow[],
  found: readonly (string | undefined)[],
  finder: FileFinder,
  { allowMissing = false }: DatasetOptions,
): void {
  const missing = listed.filter((_, index) => found[index] === undefined);
  const [first] = missing;
  if (first === undefined || (allowMissing && missing.length < listed.length)) return;
  const why = finder.isOutside(first.name)
    ? "which leads out of the only folders that this list may name"
    : "which was looked for in";
  const theFirst = `${JSON.stringify(first.name)} (${first.place}), ${why}: ${finder.folders.join(", ")}`;
  throw expected(`the files that "${list}" names`, {
    code: "ERR_DATASET",
    but: `${missing.length} of the ${listed.length} files are not there, the first being ${theFirst}`,
    remedy: `Name their folder with --folder${allowMissing ? "." : ", or leave them out with --allow-missing."}`,
  });
}

function checkNoneTwice(
  list: string,
  listed: readonly ListedRow[],
  found: readonly (string | undefined)[],
): void {
  const places = new Map<string, string>();
  for (const [index, { name, place }] of listed.entries()) {
    const file = resolve(found[index] ?? name);
    const earlier = places.get(file);
    if (earlier !== undefined) {
      throw expected(`each file once in "${list}"`, {
        code: "ERR_DATASET",
        but: `"${name}" stands twice: ${earlier} and ${place}`,
        remedy: "Remove one, or let both count with --allow-duplicates.",
      });
    }
    places.set(file, place);
  }
}

function flip(rows: readonly DatasetRow[]): DatasetRow[] {
  const values = rows.map(({ mos }) => mos);
  const ends =
    values.reduce((most, value) => Math.max(most, value)) +
    values.reduce((least, value) => Math.min(least, value));
  return rows.map((row) => ({ ...row, mos: ends - row.mos }));
}
