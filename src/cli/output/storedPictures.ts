import { dirname, resolve } from "node:path";
import type { PictureSource } from "../../report/pictures/pictureSource.js";

/**
 * Where pictures that stored results name are shown from: below the folders of the results' files and the working
 * folder, below `more`, and those that this run has read itself.
 */
export const storedPictures = (
  files: readonly string[],
  ffmpeg: string | undefined,
  {
    own = [],
    more = [],
  }: { readonly own?: readonly { readonly path: string }[]; readonly more?: readonly string[] } = {},
): PictureSource => ({
  ffmpeg,
  folders: [...files.map((file) => dirname(resolve(file))), process.cwd(), ...more],
  paths: new Set(own.map(({ path }) => resolve(path))),
});
