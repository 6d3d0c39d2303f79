// What lies in an archive, for Node, which knows none.
import { extractFile, listPackage, statFile } from "@electron/asar";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join, sep } from "node:path";

/** Node's own, before asElectron.js replaces them. */
const node = { existsSync, readFileSync, statSync };

/**
 * @typedef {object} Entry
 * @property {string} archive
 * @property {string} path in it
 */

/** Where a path leads into an archive. @param {unknown} path @returns {Entry | undefined} */
export function split(path) {
  if (typeof path !== "string") return undefined;
  const end = path.indexOf(`.asar${sep}`) + ".asar".length;
  const archive = path.slice(0, end);
  if (!archive.endsWith(".asar") || !node.existsSync(archive) || node.statSync(archive).isDirectory())
    return undefined;
  return { archive, path: path.slice(end + 1) };
}

/** Where a file lies that was left out of the archive. @param {Entry} entry */
export const unpackedPath = ({ archive, path }) => join(`${archive}.unpacked`, path);

/** @param {Entry} entry @returns {{ isFolder: boolean, unpacked: boolean, size: number } | undefined} */
export function stats({ archive, path }) {
  try {
    const found = statFile(archive, path);
    const size = "size" in found ? found.size : 0;
    return { isFolder: "files" in found, unpacked: found.unpacked === true, size };
  } catch {
    return undefined;
  }
}

/** @param {Entry} entry */
export const read = (entry) =>
  stats(entry)?.unpacked === true
    ? node.readFileSync(unpackedPath(entry))
    : extractFile(entry.archive, entry.path);

/** The names in a folder. @param {Entry} entry */
export function list({ archive, path }) {
  const start = `${sep}${path}${sep}`;
  return listPackage(archive, { isPack: false })
    .filter((each) => each.startsWith(start))
    .map((each) => each.slice(start.length))
    .filter((name) => !name.includes(sep));
}
