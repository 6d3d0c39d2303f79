import { basename, extname, relative } from "node:path";
import { expected } from "../util/expected.js";
import { commonFolder } from "../util/commonFolder.js";
import { composed } from "../media/inputs/alike.js";

/** A set of pictures, such as those of one encoder setting, by what names them in every version. */
export interface Version<T> {
  readonly name: string;
  readonly items: ReadonlyMap<string, T>;
}

/** Not that of a folder such as q0.80. */
const FILE_ENDING = /\.[a-z][a-z0-9]+$/i;

export interface Unpaired {
  readonly version: string;
  readonly lacks: readonly string[];
}

/**
 * Gives each item the name that pairs it: its path without extension, from `folder` or from the deepest folder that all
 * of them share.
 * @throws {TonescoreError} `ERR_INVALID_ARGUMENT` where two have the same.
 */
export function nameItems<T>(
  items: readonly T[],
  pathOf: (item: T) => string,
  folder = commonFolder(items.map(pathOf)),
): Map<string, T> {
  const named = new Map<string, T>();
  for (const item of items) {
    const path = relative(folder, pathOf(item));
    const name = path.slice(0, path.length - extname(path).length);
    const other = named.get(name);
    if (other !== undefined) {
      throw expected("one file for each name", {
        but: `${pathOf(other)} and ${pathOf(item)} are both "${name}" to pair with`,
        remedy: "Remove one.",
      });
    }
    named.set(name, item);
  }
  return named;
}

/** Single files are versions of one picture whatever their names; its name is then the first one's. */
export function unifySingles<T>(versions: readonly Version<T>[]): readonly Version<T>[] {
  if (versions.some(({ items }) => items.size !== 1)) return versions;
  const [name = ""] = versions[0]?.items.keys() ?? [];
  return versions.map((version) => ({
    ...version,
    items: new Map([...version.items.values()].map((item) => [name, item])),
  }));
}

/**
 * Gives a name that is composed in one version and decomposed in another (`ü` as one letter or two) the form that it has
 * in the first. Where a version has both forms, they are two pictures and stay so.
 */
export function unifyForms<T>(versions: readonly Version<T>[]): readonly Version<T>[] {
  const forms = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const { items } of versions) {
    const own = new Set<string>();
    for (const name of items.keys()) {
      const form = composed(name);
      if (own.has(form)) ambiguous.add(form);
      own.add(form);
      if (!forms.has(form)) forms.set(form, name);
    }
  }
  const unified = (name: string): string =>
    ambiguous.has(composed(name)) ? name : (forms.get(composed(name)) ?? name);
  return versions.map((version) => ({
    ...version,
    items: new Map([...version.items].map(([name, item]) => [unified(name), item])),
  }));
}

/** The names that every version has, in the first one's order, and what each version lacks of the others. */
export function pairNames(versions: readonly Version<unknown>[]): { names: string[]; unpaired: Unpaired[] } {
  const all = [...new Set(versions.flatMap(({ items }) => [...items.keys()]))];
  const lackedBy = ({ items }: Version<unknown>): string[] => all.filter((name) => !items.has(name));
  const names = all.filter((name) => versions.every(({ items }) => items.has(name)));
  const unpaired = versions.map((version) => ({ version: version.name, lacks: lackedBy(version) }));
  return { names, unpaired: unpaired.filter(({ lacks }) => lacks.length > 0) };
}

/** Short names for what the user pointed at, as long as they tell them apart. */
export function versionNames(sources: readonly string[]): string[] {
  const short = sources.map((source) => basename(source).replace(FILE_ENDING, ""));
  const clear = new Set(short).size === short.length && !short.includes("");
  return clear ? short : [...sources];
}
