import { createRequire } from "node:module";
import type library from "sharp";
import { unlessInWorkingFolder } from "../../util/installedPackage.js";

const require = createRequire(import.meta.url);

function load(): typeof library {
  const file = unlessInWorkingFolder("sharp", require.resolve("sharp")); // import knows no NODE_PATH, require does
  if (file === undefined) throw new Error("Cannot find module 'sharp' but where NODE_PATH leads from here");
  return require(file) as typeof library;
}

/** As CommonJS: Node loads its dozens of files sooner than the same as ES modules. */
export const sharp = load();
