// Remembers what a build was made of, so that it is made again only where something has changed.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The files below a folder, or the file itself, sorted. @param {string} path @returns {string[]} */
function filesBelow(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}

/**
 * A hash of files, by their content and names, and of settings.
 * @param {string} root that names are relative to, so that a copied folder has the same
 * @param {readonly string[]} paths of files and folders, below the root
 * @param {unknown} settings
 */
export function hashOf(root, paths, settings) {
  const hash = createHash("sha256").update(JSON.stringify(settings));
  for (const file of paths.flatMap((path) => filesBelow(join(root, path)))) {
    hash.update(`\n${file.slice(root.length)}\n`).update(readFileSync(file));
  }
  return hash.digest("hex");
}

/** The names and sizes of what a build has made. @param {string} folder */
const madeIn = (folder) =>
  filesBelow(folder).map((file) => `${file.slice(folder.length)} ${statSync(file).size}`);

/** True where the last build was finished, of the same, and all that it made is there. @param {string} stamp @param {string} hash @param {string} outputFolder */
export function isUpToDate(stamp, hash, outputFolder) {
  try {
    return readFileSync(stamp, "utf8") === [hash, ...madeIn(outputFolder)].join("\n");
  } catch {
    return false;
  }
}

/** Before a build, so that one that is broken off does not count. @param {string} stamp */
export function removeStamp(stamp) {
  rmSync(stamp, { force: true });
}

/** After a build. @param {string} stamp @param {string} hash @param {string} outputFolder */
export function writeStamp(stamp, hash, outputFolder) {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, [hash, ...madeIn(outputFolder)].join("\n"));
}
