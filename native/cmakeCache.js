// CMake refuses a build folder that was copied or moved, or whose source was: its cache has absolute paths.
import { readFileSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";

/** @param {string} path */
const real = (path) => {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
};

/** True where the folder has a cache that was made in another folder or of another source. @param {string} folder @param {string} source */
export function isForeignCache(folder, source) {
  let cache;
  try {
    cache = readFileSync(join(folder, "CMakeCache.txt"), "utf8");
  } catch {
    return false;
  }
  const entry = (/** @type {string} */ name) =>
    new RegExp(`^${name}:INTERNAL=(.*)$`, "m").exec(cache)?.[1] ?? "";
  return (
    real(entry("CMAKE_CACHEFILE_DIR")) !== real(folder) ||
    real(entry("CMAKE_HOME_DIRECTORY")) !== real(source)
  );
}

/** @param {string} folder @param {string} source */
export function removeForeignCache(folder, source) {
  if (isForeignCache(folder, source)) rmSync(folder, { recursive: true, force: true });
}
