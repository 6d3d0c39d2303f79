import { readdir, stat } from "node:fs/promises";
import { join, parse, sep } from "node:path";
import { groupBy } from "../../util/groupBy.js";
import { fsPath, lossyName, nameFromBytes } from "./fileNames.js";

/** Accents as one letter or as two, and bytes that a command line or a list could not carry, are the same name. */
export const composed = (name: string): string => lossyName(name).normalize("NFC");

const keyOf = (name: string): string => composed(name).toLowerCase();

/** No system opens a file by a longer one. */
const LONGEST_PATH = 32_767;

type Listing = ReadonlyMap<string, readonly string[]>;

/** Finds what is written in other letters on disk than in a list or on the command line. Lists each folder once. */
export class AlikeNames {
  readonly #listings = new Map<string, Promise<Listing>>();

  /** Names that differ only in case count as alike where this is true, if no closer ones are there. */
  constructor(readonly ignoreCase: boolean) {}

  /** The paths that are there and read like this one: itself, else those that are closest; sorted. */
  async find(path: string): Promise<string[]> {
    if (path.length > LONGEST_PATH) return [];
    const { root } = parse(path);
    const found = await this.#findBelow(root, path.slice(root.length).split(sep).filter(Boolean));
    return found.sort();
  }

  async #findBelow(folder: string, [name, ...rest]: readonly string[]): Promise<string[]> {
    if (name === undefined) return (await isThere(folder)) ? [folder] : [];
    const listed = await this.#listing(folder);
    if (listed.size === 0 && !(await isThere(folder || "."))) return [];
    for (const names of this.#candidates(listed, name)) {
      const found: string[] = [];
      for (const each of names) found.push(...(await this.#findBelow(join(folder, each), rest)));
      if (found.length > 0) return found;
    }
    return [];
  }

  /** Names that could be meant, the closest first, each once: what was looked through in vain is not entered again. */
  #candidates(listed: Listing, name: string): readonly (readonly string[])[] {
    if (name === "." || name === "..") return [[name]];
    const others = (listed.get(keyOf(name)) ?? []).filter((other) => other !== name);
    const same = others.filter((other) => composed(other) === composed(name));
    return [[name], same, ...(this.ignoreCase ? [others.filter((other) => !same.includes(other))] : [])];
  }

  #listing(folder: string): Promise<Listing> {
    const known = this.#listings.get(folder);
    if (known) return known;
    const listing = list(folder);
    this.#listings.set(folder, listing);
    return listing;
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(fsPath(path)).then(
    () => true,
    () => false,
  );

async function list(folder: string): Promise<Listing> {
  const names = await readdir(fsPath(folder || "."), { encoding: "buffer" }).catch(() => []);
  const groups = groupBy(names.map(nameFromBytes), keyOf);
  return new Map(groups.map((group) => [keyOf(group[0]), group]));
}
