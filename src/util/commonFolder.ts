import { dirname, sep } from "node:path";

/** The deepest folder that holds all these paths; "." or "" where they are given from the working folder. */
export function commonFolder(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => dirname(path).split(sep));
  const length = others.reduce((same, other) => {
    const differing = other.findIndex((name, index) => name !== first[index]);
    return Math.min(same, differing < 0 ? other.length : differing);
  }, first.length);
  return first.slice(0, length).join(sep);
}
