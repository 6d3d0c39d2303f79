import type { Dirent } from "node:fs";
import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { FailedInput } from "./input.js";
import { accessError, statPath } from "./source.js";

const isSkipped = (name: string): boolean => name.startsWith(".") || name === "node_modules";

const byName = (a: Dirent, b: Dirent): number => (a.name < b.name ? -1 : 1);

/** Links count as what they lead to; a link to nothing counts as a file, for its own error. */
async function isFolder(path: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return statPath(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/**
 * The files below a folder, sorted by name at each level, without hidden ones and node_modules. Each folder is
 * entered once, however many links lead to it or back to it. One that cannot be read is an error of its own.
 */
export async function* walkFolder(
  folder: string,
  entered: Set<string> = new Set<string>(),
): AsyncGenerator<string | FailedInput> {
  let entries: Dirent[];
  try {
    const real = await realpath(folder);
    if (entered.has(real)) return;
    entered.add(real);
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    yield { path: folder, error: accessError(folder, error) };
    return;
  }
  for (const entry of entries.sort(byName)) {
    if (isSkipped(entry.name)) continue;
    const path = join(folder, entry.name);
    if (await isFolder(path, entry)) yield* walkFolder(path, entered);
    else yield path;
  }
}
