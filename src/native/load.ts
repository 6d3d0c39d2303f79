import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { messageOf } from "../util/messageOf.js";
import { TonescoreError } from "../errors.js";
import { isArchived, isClone, packageRoot } from "../places.js";
import { version } from "../version.js";
import type { NativeAddon } from "./addon.js";
import { loadAdvice } from "./loadAdvice.js";
import { installedPackages, packagesFor } from "./platformPackages.js";
import { cutShortIn } from "./wholeLibrary.js";

const require = createRequire(import.meta.url);
const { platform, arch } = process;

/** Asked for where something failed, or there is a choice: it takes a moment. Undefined where there is no glibc. */
export function glibcVersion(): string | undefined {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime;
}

/** The package for this machine. */
function ownPackage(): string | undefined {
  const names = packagesFor(platform, arch);
  if (platform !== "linux") return names[0];
  return names.find((name) => name.endsWith(glibcVersion() === undefined ? "-musl" : "-gnu"));
}

function loadError(attempt: string, cause?: unknown): TonescoreError {
  const advice = loadAdvice({
    platform,
    arch,
    glibc: glibcVersion(),
    isClone,
    isArchived,
    packageName: ownPackage(),
    installed: isClone ? [] : installedPackages(),
    version,
    reason: attempt,
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

/** What mends an addon that is there and does not work. */
export const addonRemedy = (): string =>
  isClone ? "npm run build:native" : `npm install --force ${ownPackage() ?? "tonescore"}@${version}`;

/**
 * Loads the addon from a file, together with the libraries beside it.
 * @throws {TonescoreError} `ERR_NATIVE_LOAD`, saying what was tried and what to do.
 */
export function loadAddon(path: string): NativeAddon {
  if (!existsSync(path)) throw loadError(`${path}, which is not there`);
  try {
    const damaged = cutShortIn(dirname(path));
    if (damaged !== undefined) throw new Error(`${damaged} is cut short`);
    const loaded = require(path) as NativeAddon;
    loaded.init(TonescoreError, dirname(path));
    process.once("exit", () => {
      loaded.stopWorkers();
    });
    return loaded;
  } catch (error) {
    const reason = messageOf(error);
    throw loadError(reason.includes(path) ? reason : `${path}: ${reason}`, error);
  }
}

/** The package whose addon is loaded; undefined for a clone's. */
export const addonPackage = (): string | undefined => usedPackage;

/** In a clone the one that it has built; else that of the platform's package, which must be of the same release. */
function findAddon(): string {
  if (isClone) return fileURLToPath(new URL("build/Release/tonescore.node", packageRoot));
  const fitting = installedPackages(packagesFor(platform, arch));
  // npm and pnpm install one; where another installer brought those for both C libraries, the system's is taken.
  const found = fitting.length < 2 ? fitting[0] : fitting.find(({ name }) => name === ownPackage());
  if (!found) throw loadError(ownPackage() ?? "no package, for there is none");
  usedPackage = found.name;
  if (found.version === version) return found.addon;
  throw loadError(`${found.name} ${found.version}, which is not tonescore's version ${version}`);
}

let addon: NativeAddon | undefined;
let usedPackage: string | undefined;

/**
 * The project's addon, loaded on first use.
 * @throws {TonescoreError} `ERR_NATIVE_LOAD`
 */
export function nativeAddon(): NativeAddon {
  return (addon ??= loadAddon(findAddon()));
}
