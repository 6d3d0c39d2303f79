import { stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { TonescoreError } from "../../errors.js";
import { statPath } from "../../media/inputs/source.js";
import { layouts } from "./layouts.js";
import { matlabError } from "./mat.js";

/**
 * The list that a user means: the file itself, or the one in the folder of a published dataset.
 * @throws {TonescoreError} `ERR_DATASET` for a folder with none or several, and for MATLAB's files
 */
export async function findList(path: string): Promise<string> {
  const list = (await statPath(path)).isDirectory() ? await listIn(path) : path;
  if (extname(list).toLowerCase() === ".mat") throw matlabError(list);
  return list;
}

async function listIn(folder: string): Promise<string> {
  const known = layouts.flatMap(({ lists }) => lists);
  const there = await Promise.all(
    known.map((list) =>
      stat(join(folder, list)).then(
        () => list,
        () => undefined,
      ),
    ),
  );
  const found = there.filter((list) => list !== undefined);
  const [list] = found;
  if (list !== undefined && found.length === 1) return join(folder, list);
  const problem =
    list === undefined
      ? `none of these is in ${folder}: ${known.join(", ")}. Name the file that lists pictures and MOS.`
      : `several are in ${folder}: ${found.join(", ")}. Name the one you mean.`;
  throw new TonescoreError("ERR_DATASET", `Expected the list of a dataset, but ${problem}`);
}
