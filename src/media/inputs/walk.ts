import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { fsPath, nameFromBytes } from "./fileNames.js";
import type { FailedInput } from "./input.js";
import { accessError } from "./source.js";

/** What is wanted below a folder. Paths are relative to it, with `/` between their parts. */
export interface Selection {
  takes(file: string): boolean;
  enters(folder: string): boolean;
}

interface Found {
  readonly path: string;
  readonly isFolder: boolean;
}

const isSkipped = (path: string): boolean => /(^|\/)(\.[^/]*|node_modules)$/.test(path);

/** All but hidden ones and node_modules. */
const VISIBLE: Selection = {
  takes: (file) => !isSkipped(file),
  enters: (folder) => !isSkipped(folder),
};

/** Links count as what they lead to; a link to nothing counts as a file, for its own error. */
async function isFolder(path: string, entry: Dirent<Buffer>): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return stat(fsPath(path)).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/**
 * The files below a folder that are wanted, sorted by name at each level. Each folder is entered once, however many
 * links lead to it or back to it. One that cannot be read is an error of its own.
 */
export async function* walkFolder(
  folder: string,
  wanted: Selection = VISIBLE,
): AsyncGenerator<string | FailedInput> {
  const entered = new Set<string>();
  const waiting: Found[] = [{ path: "", isFolder: true }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const path = join(folder, next.path);
    if (!next.isFolder) {
      yield path;
      continue;
    }
    try {
      const real = (await realpath(fsPath(path), { encoding: "buffer" })).toString("latin1");
      if (entered.has(real)) continue;
      entered.add(real);
      for (const inner of await readFolder(path, next.path, wanted)) waiting.push(inner);
    } catch (error) {
      yield { path, error: accessError(path, error) };
    }
  }
}

const lastFirst = (a: Found, b: Found): number => (a.path < b.path ? 1 : -1);

async function readFolder(path: string, below: string, wanted: Selection): Promise<Found[]> {
  const found: Found[] = [];
  for (const entry of await readdir(fsPath(path), { withFileTypes: true, encoding: "buffer" })) {
    const name = nameFromBytes(entry.name);
    const inner = below === "" ? name : `${below}/${name}`;
    const isInner = await isFolder(join(path, name), entry);
    if (isInner ? wanted.enters(inner) : wanted.takes(inner)) found.push({ path: inner, isFolder: isInner });
  }
  return found.sort(lastFirst);
}
