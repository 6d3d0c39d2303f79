import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { outsideArchive } from "../places.js";
import { unlessInWorkingFolder } from "../util/installedPackage.js";

const require = createRequire(import.meta.url);

/** The packages that carry the addon, and where each lies. Spelled out, so that bundlers see them. */
const packages: Readonly<Record<string, () => string>> = {
  "@tonescore/linux-x64-gnu": () => require.resolve("@tonescore/linux-x64-gnu/tonescore.node"),
  "@tonescore/linux-x64-musl": () => require.resolve("@tonescore/linux-x64-musl/tonescore.node"),
  "@tonescore/linux-arm64-gnu": () => require.resolve("@tonescore/linux-arm64-gnu/tonescore.node"),
  "@tonescore/darwin-arm64": () => require.resolve("@tonescore/darwin-arm64/tonescore.node"),
  "@tonescore/darwin-x64": () => require.resolve("@tonescore/darwin-x64/tonescore.node"),
  "@tonescore/win32-x64": () => require.resolve("@tonescore/win32-x64/tonescore.node"),
  "@tonescore/win32-arm64": () => require.resolve("@tonescore/win32-arm64/tonescore.node"),
};

/** A package that is installed, whichever platform it is for. */
export interface AddonPackage {
  readonly name: string;
  readonly addon: string;
  readonly version: string;
}

function find(name: string): AddonPackage | undefined {
  try {
    const resolved = packages[name]?.();
    const file = resolved && unlessInWorkingFolder(name, resolved);
    if (file === undefined) return undefined;
    const manifest = readFileSync(join(dirname(file), "package.json"), "utf8");
    const { version } = JSON.parse(manifest) as { version: string };
    return { name, addon: outsideArchive(file), version };
  } catch {
    return undefined;
  }
}

/** Those of them that lie beside this package. @param names by default all, whichever platform each is for */
export const installedPackages = (names = Object.keys(packages)): readonly AddonPackage[] =>
  names.flatMap((name) => find(name) ?? []);

/** The names of those for a platform: Linux has one for each C library. */
export const packagesFor = (platform: string, arch: string): string[] =>
  Object.keys(packages).filter((name) => `${name}-`.startsWith(`@tonescore/${platform}-${arch}-`));
