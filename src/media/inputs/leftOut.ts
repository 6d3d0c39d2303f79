import { extensionOf } from "../formats.js";
import type { LeftOutKind } from "./extensions.js";

const MOST_EXTENSIONS = 4;

const files = (count: number): string => (count === 1 ? "file" : "files");

/** Counts what folders and globs left out, by kind. */
export class LeftOut {
  readonly #counts = new Map<LeftOutKind, number>();
  readonly #extensions = new Map<string, number>();

  readonly add = (path: string, kind: LeftOutKind): void => {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    const extension = extensionOf(path);
    // A name may hold anything; only what looks like an extension is repeated.
    if (kind !== "other" || !/^[a-z0-9_-]{1,8}$/.test(extension)) return;
    this.#extensions.set(extension, (this.#extensions.get(extension) ?? 0) + 1);
  };

  /** Such as `12 camera RAW files, 1 SVG file and 4 files of other kinds (txt, xmp)`; empty for nothing. */
  toString(): string {
    const { other = 0, ...named } = Object.fromEntries(this.#counts) as Partial<Record<LeftOutKind, number>>;
    const parts = Object.entries(named)
      .sort(([, a], [, b]) => b - a)
      .map(([kind, count]) => `${count} ${kind} ${files(count)}`);
    if (other > 0) parts.push(`${other} ${files(other)} of other kinds${this.#examples()}`);
    const last = parts.pop() ?? "";
    return parts.length > 0 ? `${parts.join(", ")} and ${last}` : last;
  }

  /** The most frequent endings of the other kinds. */
  #examples(): string {
    const names = [...this.#extensions].sort(([, a], [, b]) => b - a).map(([extension]) => extension);
    const shown = names.slice(0, MOST_EXTENSIONS).join(", ");
    return names.length === 0 ? "" : ` (${shown}${names.length > MOST_EXTENSIONS ? ", …" : ""})`;
  }
}
