/** What a failure to load the addon depends on. */
export interface LoadFailure {
  /** As Node names them: `linux`, `x64`. */
  readonly platform: string;
  readonly arch: string;
  /** Absent on Linux where the C library is another, such as Alpine's musl. */
  readonly glibc: string | undefined;
  /** True where this is a clone of the repository, which builds its own. */
  readonly isClone: boolean;
  /** The package that would carry it, where there is one for the platform and architecture. */
  readonly packageName: string | undefined;
  readonly isInstalled: boolean;
  readonly version: string;
}

const BUILD = [
  "  - in a clone of the repository, build it: npm run build:native",
  "  - where that fails for lack of prebuilt libraries: npm run build:native -- --from-source",
  "  - both need a C++17 compiler, CMake 3.19 or later, and git",
];

/** Lines that say what to do. */
export function loadAdvice(failure: LoadFailure): readonly string[] {
  const { platform, arch, glibc, isClone, packageName, isInstalled, version } = failure;
  if (isClone) return BUILD;
  if (packageName === undefined)
    return [`  - there is no package for ${platform}-${arch} yet: use a clone of the repository`, ...BUILD];
  if (platform === "linux" && glibc === undefined)
    return [
      "  - this Linux has another C library than glibc, such as Alpine's musl: use one that has glibc 2.28 or later",
      "  - or use a clone of the repository",
      ...BUILD,
    ];
  if (!isInstalled)
    return [
      `  - npm install ${packageName}@${version}`,
      "  - npm leaves it out with --omit=optional or --no-optional, and where node_modules or the lock file came from another platform",
    ];
  return [
    `  - install it anew, in case it is damaged: npm install --force ${packageName}@${version}`,
    "  - it needs glibc 2.28 or later (Debian 10, Ubuntu 18.10, RHEL 8, or newer): ldd --version",
  ];
}
