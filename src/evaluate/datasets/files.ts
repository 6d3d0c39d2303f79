import { stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { AlikeNames } from "../../media/inputs/alike.js";
import { fsPath } from "../../media/inputs/fileNames.js";
import { STDIN } from "../../media/inputs/input.js";

const isFile = (path: string): Promise<boolean> =>
  stat(fsPath(path)).then(
    (stats) => stats.isFile(),
    () => false,
  );

/**
 * Finds files by the names in a list, in the first of some folders that has them. A list comes from anywhere, so it can
 * name what is below these folders and nothing else, by whatever path.
 */
export class FileFinder {
  /** TID2013 and others write some names in other cases than the files have. */
  readonly #names = new AlikeNames(true);

  constructor(readonly folders: readonly string[]) {}

  async find(name: string): Promise<string | undefined> {
    for (const path of this.#places(name)) {
      if (await isFile(path)) return path;
      for (const alike of await this.#names.find(path)) if (await isFile(alike)) return alike;
    }
    return undefined;
  }

  /** True for a name that leads out of all folders. */
  isOutside(name: string): boolean {
    return this.#places(name).length === 0;
  }

  #places(name: string): string[] {
    return this.folders.flatMap((folder) => formsOf(name).flatMap((form) => below(folder, form) ?? []));
  }
}

/** The path of a name that stays below a folder. */
function below(folder: string, name: string): string | undefined {
  const inner = relative(folder, resolve(folder, name));
  if (inner === "" || inner === ".." || inner.startsWith(`..${sep}`) || isAbsolute(inner)) return undefined;
  const path = isAbsolute(name) ? name : join(folder, name);
  return path === STDIN ? `.${sep}${path}` : path;
}

/** Windows' separators; and TID2013's and LIVE's large BMP pictures, which many keep as PNG, without loss. */
function formsOf(name: string): string[] {
  const forms = sep === "/" && name.includes("\\") ? [name, name.replaceAll("\\", "/")] : [name];
  return forms.flatMap((form) => (/\.bmp$/i.test(form) ? [form, form.replace(/\.bmp$/i, ".png")] : [form]));
}
