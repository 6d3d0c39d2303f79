import { createRequire } from "node:module";
import { dirname } from "node:path";
import type library from "sharp";
import { unlessInWorkingFolder } from "../../util/installedPackage.js";

const require = createRequire(import.meta.url);

function load(): typeof library {
  const file = require.resolve("sharp");
  // Unlike import, require looks where NODE_PATH leads.
  if (unlessInWorkingFolder("sharp", dirname(file)) === undefined)
    throw new Error(`${file} lies where NODE_PATH leads from the working directory`);
  return require(file) as typeof library;
}

/** As CommonJS: Node loads its sixty files in half the time that it takes for the same as ES modules. */
export const sharp = load();
