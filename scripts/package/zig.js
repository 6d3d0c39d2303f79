// The compiler for what is published. Zig's clang links against any glibc, however old, or statically against musl,
// with a C++ library of its own inside: what it makes runs on every Linux that Node runs on. One version for all, of
// which package-lock.json beside this file's toolchain/ has the hashes.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));

/** Fetches the compiler from npm's registry, once. @param {string} folder */
function fetchZig(folder) {
  const modules = join(folder, "node_modules", "@zigc");
  const found = {
    zig: join(modules, `${process.platform}-${process.arch}`, "bin", "zig"),
    library: join(modules, "lib"),
  };
  if (existsSync(found.zig) && existsSync(found.library)) return found;
  mkdirSync(folder, { recursive: true });
  for (const file of ["package.json", "package-lock.json"])
    copyFileSync(join(here, "toolchain", file), join(folder, file));
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: folder,
    stdio: "inherit",
  });
  chmodSync(found.zig, 0o755);
  return found;
}

/**
 * Levels of the processor in Zig's words: `-march=armv8.2-a+fp16` is `-mcpu=generic+v8_2a+fullfp16`. For one file with
 * intrinsics of SVE, this clang crashes where it may use SVE2, so there it may not.
 */
const arm64Levels = [
  'case " $* " in *"/arch/arm/repack.cpp "*) less="s/v9_2a/v8_6a/; s/+sve2//; s/+sme//" ;; *) less= ;; esac',
  "for word do",
  "  shift",
  "  case $word in -march=armv*)",
  '    word=$(echo $word | sed "s/-march=armv/-mcpu=generic+v/; s/-a/a/; s/[.]/_/; s/+fp16/+fullfp16/; $less") ;;',
  "  esac",
  '  set -- "$@" "$word"',
  "done",
];

/**
 * The programs of a compiler for a target, such as `x86_64-linux-musl`, as scripts that each are one word to
 * configure scripts and CMake, and the folder of the C and C++ libraries' own files.
 * @param {string} target
 */
export function compilerFor(target) {
  const folder = join(root, "build", "toolchain");
  const { zig, library } = fetchZig(folder);
  const bin = join(folder, target);
  mkdirSync(bin, { recursive: true });
  /** @param {string} name @param {string} words */
  const program = (name, words) => {
    const lines = [
      "#!/bin/sh",
      `export ZIG_LIB_DIR='${library}' ZIG_GLOBAL_CACHE_DIR='${join(folder, "cache")}'`,
      `export ZIG_LOCAL_CACHE_DIR="$ZIG_GLOBAL_CACHE_DIR"`,
      ...(target.startsWith("aarch64") ? arm64Levels : []),
      // Meson asks for the linker, and knows Zig's by the name of what it is made of.
      `case " $* " in *" -Wl,--version "*) echo "LLD (compatible with GNU linkers)"; exit ;; esac`,
      `exec '${zig}' ${words} "$@"`,
    ];
    writeFileSync(join(bin, name), `${lines.join("\n")}\n`, { mode: 0o755 });
    return join(bin, name);
  };
  return {
    // Optimised unless told otherwise: a configure script's trials would have the C++ library compiled without.
    cc: program("cc", `cc -target ${target} -O2 -s`),
    cxx: program("c++", `c++ -target ${target} -O2 -s`),
    ar: program("ar", "ar"),
    ranlib: program("ranlib", "ranlib"),
    library,
  };
}
