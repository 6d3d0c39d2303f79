// The prebuilt modules for the CPU were made by an older compiler, whose matrix products are slower than they
// need be, and lack ours (products/). The one that this machine's processor uses is therefore compiled here; the
// others stay, so that the build still runs on other processors.
import { execFileSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { removeForeignCache } from "./cmakeCache.js";

const project = join(dirname(fileURLToPath(import.meta.url)), "cpu");

const probe = `
  const [addon, folder] = process.argv.slice(1);
  require(addon).init(Error, folder);
  console.log(process.report.getReport().sharedObjects.join("\\n"));`;

/** The module that ggml chooses on this machine, such as "ggml-cpu-zen4". @param {string} folder */
function chosenModule(folder) {
  const loaded = execFileSync(process.execPath, ["--eval", probe, join(folder, "tonescore.node"), folder], {
    encoding: "utf8",
  });
  return /lib(ggml-cpu-[\w.]+)\.so/.exec(loaded)?.[1];
}

/**
 * Replaces the prebuilt module by one compiled here. Where that fails, the prebuilt one stays.
 * @param {string} source llama.cpp's source
 * @param {string} buildFolder
 * @param {string} outputFolder where the addon and the prebuilt libraries are
 */
export function compileCpuModule(source, buildFolder, outputFolder) {
  if (process.platform !== "linux") return;
  const module = chosenModule(outputFolder);
  if (!module) return;
  const folder = join(buildFolder, "ggml-cpu");
  removeForeignCache(folder, project);
  const definitions = {
    LLAMA_SOURCE: source,
    CMAKE_BUILD_TYPE: "Release",
    CMAKE_PLATFORM_NO_VERSIONED_SONAME: "ON",
    CMAKE_BUILD_WITH_INSTALL_RPATH: "ON",
    CMAKE_INSTALL_RPATH: "$ORIGIN",
    GGML_BACKEND_DL: "ON",
    GGML_CPU_ALL_VARIANTS: "ON",
    GGML_NATIVE: "OFF",
    GGML_OPENMP: "OFF",
    ...Object.fromEntries(
      ["COMMON", "TESTS", "TOOLS", "EXAMPLES", "SERVER", "APP"].map((part) => [`LLAMA_BUILD_${part}`, "OFF"]),
    ),
  };
  const flags = Object.entries(definitions).map(([name, value]) => `-D${name}=${value}`);
  console.log(`Compiling ${module} for this machine's processor`);
  try {
    execFileSync("cmake", ["-S", project, "-B", folder, ...flags], { stdio: "inherit" });
    const jobs = String(availableParallelism());
    execFileSync("cmake", ["--build", folder, "--target", module, "--parallel", jobs], { stdio: "inherit" });
    copyFileSync(join(folder, "bin", `lib${module}.so`), join(outputFolder, `lib${module}.so`));
  } catch (error) {
    console.warn(`${module} could not be compiled; the prebuilt one is used, which works too.`, error);
  }
}
