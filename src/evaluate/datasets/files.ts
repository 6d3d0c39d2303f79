import { readdir, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join } from "node:path";

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );

/** Finds files by the names in a list, in the first of some folders that has them. */
export class FileFinder {
  readonly #names = new Map<string, Promise<ReadonlyMap<string, string>>>();

  constructor(readonly folders: readonly string[]) {}

  async find(name: string): Promise<string | undefined> {
    for (const folder of this.folders) {
      for (const form of formsOf(name)) {
        const path = isAbsolute(form) ? form : join(folder, form);
        if (await isFile(path)) return path;
        const similar = await this.#similar(path);
        if (similar !== undefined) return similar;
      }
    }
    return undefined;
  }

  /** TID2013 and others write some names in other cases than the files have. */
  async #similar(path: string): Promise<string | undefined> {
    const folder = dirname(path);
    const listing = this.#names.get(folder) ?? namesIn(folder);
    this.#names.set(folder, listing);
    const name = (await listing).get(basename(path).toLowerCase());
    return name === undefined ? undefined : join(folder, name);
  }
}

/** TID2013's and LIVE's BMP pictures are large; many keep them as PNG, without loss. */
const formsOf = (name: string): string[] =>
  /\.bmp$/i.test(name) ? [name, name.replace(/\.bmp$/i, ".png")] : [name];

async function namesIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(folder).catch(() => []);
  return new Map(names.map((name) => [name.toLowerCase(), name]));
}
