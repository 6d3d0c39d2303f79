import { stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { expected } from "../../util/expected.js";
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
  const instead =
    list === undefined
      ? {
          but: `none of these is there: ${known.join(", ")}`,
          remedy: "Name the file that lists pictures and MOS.",
        }
      : { but: `there are several: ${found.join(", ")}`, remedy: "Name the one you mean." };
  throw expected(`the list of a dataset in "${folder}"`, { code: "ERR_DATASET", ...instead });
}
