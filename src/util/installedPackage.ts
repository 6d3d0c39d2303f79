import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { isAbsolute, join, sep } from "node:path";

const require = createRequire(import.meta.url);

const pathsOf = (name: string): readonly string[] => require.resolve.paths(name) ?? [];

export interface InstalledPackage {
  readonly folder: string;
  readonly version: string;
}

/**
 * A package that the user installed beside this one, found as its own dependencies are, but never from the working
 * directory, which relative elements of NODE_PATH lead to: that may be a stranger's.
 * @param file that it must have
 */
export function findPackage(name: string, file: string): InstalledPackage | undefined {
  for (const parent of pathsOf(name).filter(isAbsolute)) {
    const folder = join(parent, name);
    const manifest = join(folder, "package.json");
    if (!existsSync(manifest) || !existsSync(join(folder, file))) continue;
    const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
    return { folder, version };
  }
  return undefined;
}

function real(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/**
 * The same guard where Node itself, or a bundler, is to resolve the file.
 * @returns undefined where it was found by a relative element of NODE_PATH, wherever links in there lead
 */
export function unlessInWorkingFolder(name: string, file: string): string | undefined {
  const parents = pathsOf(name);
  if (parents.every(isAbsolute)) return file;
  const folders = parents.filter(isAbsolute).map((parent) => real(join(parent, name)));
  const place = real(file) ?? file;
  return folders.some((folder) => folder !== undefined && place.startsWith(folder + sep)) ? file : undefined;
}
