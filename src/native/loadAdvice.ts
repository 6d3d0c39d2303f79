import type { InstalledPackage } from "./platformPackages.js";

/** What a failure to load the addon depends on. */
export interface LoadFailure {
  /** As Node names them: `linux`, `x64`. */
  readonly platform: string;
  readonly arch: string;
  /** Absent where the C library is another, such as Alpine's musl. */
  readonly glibc: string | undefined;
  /** True where this is a clone of the repository, which builds its own. */
  readonly isClone: boolean;
  /** The package that would carry it, where there is one for the machine. */
  readonly packageName: string | undefined;
  /** Those that lie beside tonescore, whichever platform each is for. */
  readonly installed: readonly Pick<InstalledPackage, "name" | "version">[];
  readonly version: string;
}

const BUILD = [
  "  - in a clone of the repository, build it: npm run build:native",
  "  - where that fails for lack of prebuilt libraries: npm run build:native -- --from-source",
  "  - both need a C++17 compiler, CMake 3.19 or later, and git",
];

/** Lines that say what to do. */
export function loadAdvice(failure: LoadFailure): readonly string[] {
  const { platform, arch, glibc, isClone, packageName, installed, version } = failure;
  if (isClone) return BUILD;
  if (packageName === undefined) {
    const where = `${platform}-${arch}${platform === "linux" && glibc === undefined ? " with musl" : ""}`;
    return [`  - there is no package for ${where} yet: use a clone of the repository`, ...BUILD];
  }
  const wanted = `${packageName}@${version}`;
  const found = installed.find(({ name }) => name === packageName);
  if (found && found.version !== version) return [`  - install both in one version: npm install ${wanted}`];
  const foreign = installed.map(({ name }) => name).filter((name) => name !== packageName);
  if (!found && foreign.length > 0)
    return [
      `  - node_modules came from another platform, for it holds ${foreign.join(", ")}: delete it and run npm install here`,
      `  - or add what is missing: npm install --no-save ${wanted}`,
    ];
  if (!found)
    return [
      `  - npm install ${wanted}`,
      "  - npm leaves it out with --omit=optional or --no-optional, and where the lock file came from another platform",
    ];
  const needs = "  - it needs glibc 2.28 or later (Debian 10, Ubuntu 18.10, RHEL 8, or newer): ldd --version";
  return [
    `  - install it anew, in case it is damaged: npm install --force ${wanted}`,
    ...(glibc === undefined ? [] : [needs]),
  ];
}
