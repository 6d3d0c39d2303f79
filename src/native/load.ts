import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { messageOf } from "../util/messageOf.js";
import { TonescoreError } from "../errors.js";
import { packageRoot } from "../places.js";
import { outsideArchive } from "../util/outsideArchive.js";
import { version } from "../version.js";
import type { NativeAddon } from "./addon.js";
import { loadAdvice } from "./loadAdvice.js";

const require = createRequire(import.meta.url);

/** True in a clone of the repository: what is published holds no C++. */
export const isClone = existsSync(new URL("native/build.js", packageRoot));

/** The packages that npm installs beside this one, by platform. Spelled out, so that bundlers see them. */
const packages: Readonly<Record<string, { readonly name: string; readonly find: () => string }>> = {
  "linux-x64": {
    name: "@tonescore/linux-x64-gnu",
    find: () => require.resolve("@tonescore/linux-x64-gnu/tonescore.node"),
  },
};

const platformPackage = packages[`${process.platform}-${process.arch}`];

function packagedAddon(): string | undefined {
  try {
    return platformPackage && outsideArchive(platformPackage.find());
  } catch {
    return undefined;
  }
}

/** Asked for where loading failed only: it takes a moment. */
function glibcVersion(): string | undefined {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime;
}

function loadError(attempt: string, cause?: unknown): TonescoreError {
  const { platform, arch } = process;
  const advice = loadAdvice({
    platform,
    arch,
    glibc: glibcVersion(),
    isClone,
    packageName: platformPackage?.name,
    isInstalled: packagedAddon() !== undefined,
    version,
  });
  return new TonescoreError(
    "ERR_NATIVE_LOAD",
    [
      `tonescore's native addon could not be loaded on ${platform}-${arch}, Node ${process.version}.`,
      `Tried: ${attempt}`,
      "What to do:",
      ...advice,
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

/** In a clone the one that it has built; else that of the platform's package. */
function findAddon(): string {
  if (isClone) return fileURLToPath(new URL("build/Release/tonescore.node", packageRoot));
  const packaged = packagedAddon();
  if (packaged === undefined) throw loadError(platformPackage?.name ?? "no package, for there is none");
  return packaged;
}

let addon: NativeAddon | undefined;

/**
 * The project's addon, loaded on first use.
 * @throws {TonescoreError} `ERR_NATIVE_LOAD`
 */
export function nativeAddon(): NativeAddon {
  return (addon ??= loadAddon(findAddon()));
}
