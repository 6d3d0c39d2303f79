import { unpackAdvice } from "../util/unpackAdvice.js";
import type { AddonPackage } from "./platformPackages.js";

/** What a failure to load the addon depends on. */
export interface LoadFailure {
  /** As Node names them: `linux`, `x64`. */
  readonly platform: string;
  readonly arch: string;
  /** Absent where the C library is another, such as Alpine's musl. */
  readonly glibc: string | undefined;
  /** True where this is a clone of the repository, which builds its own. */
  readonly isClone: boolean;
  /** True in the archive of an Electron app, or beside it. */
  readonly isArchived: boolean;
  /** The package that would carry it, where there is one for the machine. */
  readonly packageName: string | undefined;
  /** Those that lie beside tonescore, whichever platform each is for. */
  readonly installed: readonly Pick<AddonPackage, "name" | "version">[];
  readonly version: string;
  /** What the system said. */
  readonly reason: string;
}

const BUILD = [
  "  - in a clone of the repository, build it: npm run build:native",
  "  - where that fails for lack of prebuilt libraries: npm run build:native -- --from-source",
  "  - both need a C++17 compiler, CMake 3.19 or later, and git",
];

const NOEXEC =
  "  - its folder lies on a file system that lets nothing run (noexec): install tonescore elsewhere, or mount that with exec";
const UNREADABLE = "  - this user may not read its folder: chmod -R a+rX node_modules";

/** What is wrong with the place and not with the addon, wherever that came from. */
function placeAdvice(reason: string): string | undefined {
  if (/failed to map segment|operation not permitted/i.test(reason)) return NOEXEC;
  return /permission denied|EACCES/i.test(reason) ? UNREADABLE : undefined;
}

/** For the right package, in the right version, that does not load. */
function damageAdvice({ glibc, reason }: LoadFailure, wanted: string): readonly string[] {
  if (/GLIBC\w*_[\d.]+'? not found/.test(reason))
    return [
      `  - it needs glibc 2.28 or later (Debian 10, Ubuntu 18.10, RHEL 8, or newer), and this system has ${glibc ?? "another"}: use a newer one`,
      "  - or use a clone of the repository",
      ...BUILD,
    ];
  return [`  - install it anew, in case it is damaged: npm install --force ${wanted}`];
}

/** Lines that say what to do. */
export function loadAdvice(failure: LoadFailure): readonly string[] {
  const { platform, arch, glibc, isClone, isArchived, packageName, installed, version, reason } = failure;
  const ofPlace = placeAdvice(reason);
  if (ofPlace !== undefined) return [ofPlace];
  if (isClone) return BUILD;
  if (packageName === undefined) {
    const where = `${platform}-${arch}${platform === "linux" && glibc === undefined ? " with musl" : ""}`;
    return [`  - there is no package for ${where} yet: use a clone of the repository`, ...BUILD];
  }
  const wanted = `${packageName}@${version}`;
  const found = installed.find(({ name }) => name === packageName);
  if (found && found.version !== version) return [`  - install both in one version: npm install ${wanted}`];
  if (isArchived) return [`  - ${unpackAdvice}`];
  const foreign = installed.map(({ name }) => name).filter((name) => name !== packageName);
  if (!found && foreign.length > 0)
    return [
      `  - node_modules came from another platform, for it holds ${foreign.join(", ")}: delete it and run npm install here`,
      `  - or add what is missing: npm install --no-save ${wanted}`,
    ];
  if (!found)
    return [
      `  - npm install ${wanted}`,
      "  - where all were left out (--omit=optional, --no-optional), sharp's too: npm install --include=optional",
      "  - where the lock file came from another platform: delete it and node_modules, and run npm install",
    ];
  return damageAdvice(failure, wanted);
}
