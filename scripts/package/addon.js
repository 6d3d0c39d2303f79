// What @tonescore/<platform> holds: the addon, ggml's base, and a module for each level of the processor.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { removeForeignCache } from "../../native/cmakeCache.js";
import { checkOutSource, findBundle, packageFolder } from "../../native/llamaSource.js";
import { MACOS } from "./platforms.js";
import { compilerFor } from "./zig.js";

/**
 * Files of licences, by the name of what they are for.
 * @param {string} source of llama.cpp
 * @param {string | undefined} library of the compiler's, where the addon holds parts of it
 */
const licences = (source, library) => ({
  "llama.cpp": join(source, "LICENSE"),
  jsonhpp: join(source, "licenses", "LICENSE-jsonhpp"),
  xxhash: join(source, "vendor", "hash", "xxhash", "LICENSE"),
  sha256: join(source, "vendor", "hash", "sha256", "LICENSE"),
  "rotate-bits": join(source, "vendor", "hash", "rotate-bits", "LICENSE.md"),
  "node-addon-api": join(packageFolder("node-addon-api") ?? "", "LICENSE.md"),
  ...(library && { llvm: join(library, "libunwind", "LICENSE.TXT") }),
});

/** The library that the addon shares with ggml's modules. @param {string} version of tonescore */
export const baseLibrary = (version) => `libtonescore-${version}-ggml-base.so`;

/** What every processor that is not old can do. @type {Record<string, readonly string[]>} */
const common = { x64: ["SSE42", "AVX", "AVX2", "BMI2", "FMA", "F16C"], arm64: [] };

/** The compiler of a platform, in CMake's terms. @param {import("./platforms.js").Platform} platform */
function toolchain({ target, cmake: [system, processor] }) {
  /** @type {Record<string, string>} */
  const known =
    system === "Darwin" ? { CMAKE_OSX_ARCHITECTURES: processor, CMAKE_OSX_DEPLOYMENT_TARGET: MACOS } : {};
  if (target === undefined) return { definitions: known, library: undefined };
  const compiler = compilerFor(target);
  const definitions = {
    CMAKE_SYSTEM_NAME: system,
    CMAKE_SYSTEM_PROCESSOR: processor,
    CMAKE_C_COMPILER: compiler.cc,
    CMAKE_CXX_COMPILER: compiler.cxx,
    CMAKE_AR: compiler.ar,
    CMAKE_RANLIB: compiler.ranlib,
    CMAKE_TRY_COMPILE_TARGET_TYPE: "STATIC_LIBRARY", // nothing that is tried needs be linked
  };
  return { definitions, library: compiler.library };
}

/**
 * Compiles it for the oldest system with a C++ library inside, so that it asks for the C library and its like alone.
 * @param {object} options
 * @param {string} options.root of the repository
 * @param {string} options.name of the platform
 * @param {string} options.version of tonescore
 * @param {import("./platforms.js").Platform} options.platform
 * @param {boolean} options.quick one module for the processor in place of one for each level
 * @param {string} options.jobs
 * @param {string} options.to the folder, which is made anew
 * @returns {Record<string, string>} the files of its licences
 */
export function buildAddon({ root, name, version, platform, quick, jobs, to }) {
  const { bundle, release } = findBundle();
  const source = checkOutSource(bundle, release);
  const { definitions, library } = toolchain(platform);
  const cmake = join(root, "build", "package", name);
  removeForeignCache(cmake, join(root, "native"));
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const headers = ["node-api-headers/include", "node-addon-api"].map((path) =>
    join(root, "node_modules", path),
  );
  const all = {
    ...definitions,
    CMAKE_BUILD_TYPE: "Release",
    CMAKE_JS_INC: headers.join(";"),
    NODE_API_DEFINITIONS: join(root, "node_modules/node-api-headers/def/node_api.def"),
    LLAMA_SOURCE: source,
    LLAMA_RELEASE: release,
    FOR_PACKAGE: "ON",
    PACKAGE_VERSION: version,
    GGML_CPU_ALL_VARIANTS: quick || platform.oneModule ? "OFF" : "ON",
    ...Object.fromEntries((common[platform.cpu] ?? []).map((level) => [`GGML_${level}`, "ON"])),
    GGML_NATIVE: "OFF",
    OUTPUT_FOLDER: to,
  };
  const flags = Object.entries(all).map(([key, value]) => `-D${key}=${value}`);
  execFileSync("cmake", ["-G", "Ninja", "-S", join(root, "native"), "-B", cmake, ...flags], {
    stdio: "inherit",
  });
  execFileSync("cmake", ["--build", cmake, "--parallel", jobs, "--target", "tonescore"], {
    stdio: "inherit",
  });
  // Windows has files besides, for those who link against a library.
  for (const file of readdirSync(to)) if (/\.(lib|a|pdb)$/.test(file)) rmSync(join(to, file));
  return licences(source, library);
}
