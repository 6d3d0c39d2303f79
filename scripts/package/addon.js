// What @tonescore/<platform> holds: the addon, ggml's base, and a module for each level of the processor.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { removeForeignCache } from "../../native/cmakeCache.js";
import { checkOutSource, findBundle, packageFolder } from "../../native/llamaSource.js";
import { compilerFor, GLIBC } from "./zig.js";

/** Files of licences, by the name of what they are for. @param {string} source of llama.cpp @param {string} library */
const licences = (source, library) => ({
  "llama.cpp": join(source, "LICENSE"),
  jsonhpp: join(source, "licenses", "LICENSE-jsonhpp"),
  xxhash: join(source, "vendor", "hash", "xxhash", "LICENSE"),
  sha256: join(source, "vendor", "hash", "sha256", "LICENSE"),
  "rotate-bits": join(source, "vendor", "hash", "rotate-bits", "LICENSE.md"),
  "node-addon-api": join(packageFolder("node-addon-api") ?? "", "LICENSE.md"),
  llvm: join(library, "libunwind", "LICENSE.TXT"),
});

/**
 * Compiles it for glibc's floor with a C++ library inside, so that it asks for libc, libm and their like alone.
 * @param {object} options
 * @param {string} options.root of the repository
 * @param {boolean} options.quick one module, for processors with AVX2, in place of one for each level
 * @param {string} options.jobs
 * @param {string} options.to the folder, which is made anew
 * @returns {Record<string, string>} the files of its licences
 */
export function buildAddon({ root, quick, jobs, to }) {
  const { bundle, release } = findBundle();
  const source = checkOutSource(bundle, release);
  const target = `x86_64-linux-gnu.${GLIBC}`;
  const compiler = compilerFor(target);
  const cmake = join(root, "build", "package", target);
  removeForeignCache(cmake, join(root, "native"));
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const headers = ["node-api-headers/include", "node-addon-api"].map((path) =>
    join(root, "node_modules", path),
  );
  const definitions = {
    CMAKE_BUILD_TYPE: "Release",
    CMAKE_C_COMPILER: compiler.cc,
    CMAKE_CXX_COMPILER: compiler.cxx,
    CMAKE_AR: compiler.ar,
    CMAKE_RANLIB: compiler.ranlib,
    CMAKE_SHARED_LINKER_FLAGS: "-s",
    CMAKE_MODULE_LINKER_FLAGS: "-s",
    CMAKE_JS_INC: headers.join(";"),
    LLAMA_SOURCE: source,
    LLAMA_RELEASE: release,
    FOR_PACKAGE: "ON",
    GGML_CPU_ALL_VARIANTS: quick ? "OFF" : "ON",
    GGML_NATIVE: "OFF",
    OUTPUT_FOLDER: to,
  };
  const flags = Object.entries(definitions).map(([name, value]) => `-D${name}=${value}`);
  execFileSync("cmake", ["-G", "Ninja", "-S", join(root, "native"), "-B", cmake, ...flags], {
    stdio: "inherit",
  });
  execFileSync("cmake", ["--build", cmake, "--parallel", jobs, "--target", "tonescore"], {
    stdio: "inherit",
  });
  return licences(source, compiler.library);
}
