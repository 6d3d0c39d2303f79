import { realpath, stat } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";

/** Where a page gets its small pictures from. */
export interface PictureSource {
  readonly ffmpeg?: string | undefined;
  /**
   * Where results were stored, and so may come from anybody: pictures are shown only from below these folders, lest
   * results name a picture of the user's that gets into a page. Absent where the paths are the user's own.
   */
  readonly folders?: readonly string[];
  /** These, as resolved, are shown wherever they are: the user named them in this run. */
  readonly paths?: ReadonlySet<string>;
}

/** Why a picture is not shown. */
const GONE = "no longer at its path";
const OUTSIDE = "in a folder that was not named with --pictures";

/** The file to show for a path, or why there is none. Pipes and devices are never opened. */
export async function fileToShow(
  path: string,
  { folders, paths }: PictureSource,
): Promise<{ readonly file: string } | { readonly absent: string }> {
  try {
    const real = await realpath(path);
    if (!(await stat(real)).isFile()) return { absent: "no file" };
    if (folders === undefined || paths?.has(resolve(path)) === true) return { file: path };
    for (const folder of folders) {
      const there = await realpath(folder).catch(() => undefined);
      if (there !== undefined && isBelow(real, there)) return { file: real };
    }
    return { absent: OUTSIDE };
  } catch {
    return { absent: GONE };
  }
}

function isBelow(file: string, folder: string): boolean {
  const path = relative(folder, file);
  return path !== ".." && !path.startsWith(`..${sep}`) && path !== resolve(path);
}
