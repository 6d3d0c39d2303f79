import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { messageOf } from "../util/messageOf.js";
import { TonescoreError } from "../errors.js";
import { outsideArchive } from "../util/outsideArchive.js";
import type { NativeAddon } from "./addon.js";

const require = createRequire(import.meta.url);
const packageRoot = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

const addonPath = outsideArchive(join(packageRoot, "build", "Release", "tonescore.node"));

function loadError(attempt: string, cause?: unknown): TonescoreError {
  return new TonescoreError(
    "ERR_NATIVE_LOAD",
    [
      `tonescore's native addon could not be loaded on ${process.platform}-${process.arch}, Node ${process.version}.`,
      `Tried: ${attempt}`,
      "What to do:",
      "  - in a clone of the repository, build it: npm run build:native",
      "  - where that fails for lack of prebuilt libraries: npm run build:native -- --from-source",
      "  - both need a C++17 compiler, CMake 3.19 or later, and git",
    ].join("\n"),
    { cause },
  );
}

/**
 * Loads the addon from a file, together with the libraries beside it.
 * @throws {TonescoreError} `ERR_NATIVE_LOAD`, saying what was tried and what to do.
 */
export function loadAddon(path: string): NativeAddon {
  if (!existsSync(path)) throw loadError(`${path}, which is not there`);
  try {
    const loaded = require(path) as NativeAddon;
    loaded.init(TonescoreError, dirname(path));
    process.once("exit", () => {
      loaded.stopWorkers();
    });
    return loaded;
  } catch (error) {
    throw loadError(`${path}: ${messageOf(error)}`, error);
  }
}

let addon: NativeAddon | undefined;

/**
 * The project's addon, loaded on first use.
 * @throws {TonescoreError} `ERR_NATIVE_LOAD`
 */
export function nativeAddon(): NativeAddon {
  return (addon ??= loadAddon(addonPath));
}
