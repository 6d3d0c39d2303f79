import type { AlikeNames } from "./alike.js";
import { type Glob, parseGlob } from "./glob.js";
import type { FailedInput } from "./input.js";
import { walkFolder } from "./walk.js";

/** Backslashes separate folders on Windows, and quote elsewhere. */
const toPosix = (pattern: string): string =>
  process.platform === "win32" ? pattern.replaceAll("\\", "/") : pattern;

async function* filesOfGlob(glob: Glob, names: AlikeNames): AsyncGenerator<string | FailedInput> {
  const [folder] = glob.folder === "" ? ["."] : await names.find(glob.folder);
  if (folder !== undefined) yield* walkFolder(folder, glob);
}

/** Whether a pattern can mean more than one file. */
export const isGlob = (pattern: string): boolean => parseGlob(toPosix(pattern)) !== undefined;

/** The files of a glob. Parentheses that would group are also taken as plain, where nothing is found otherwise: `*(1).jpg`. */
export async function* expandGlob(pattern: string, names: AlikeNames): AsyncGenerator<string | FailedInput> {
  let empty = true;
  for (const grouping of /[@!?*+]\(/.test(pattern) ? [true, false] : [true]) {
    const glob = empty ? parseGlob(toPosix(pattern), grouping) : undefined;
    if (!glob) continue;
    for await (const file of filesOfGlob(glob, names)) {
      empty = false;
      yield file;
    }
  }
}
