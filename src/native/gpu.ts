import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isClone, outsideArchive, packageRoot } from "../places.js";
import { expected } from "../util/expected.js";
import { findPackage } from "../util/installedPackage.js";
import { version } from "../version.js";
import type { NativeAddon } from "./addon.js";
import type { Gpu } from "./gpuNames.js";
import { addonPackage } from "./load.js";

/**
 * Each module's libraries of the system. The prebuilt modules name the working directory among the places where theirs
 * are looked for (an empty element of their RUNPATH), so these are loaded before them, from the system's own places.
 */
const systemLibraries = {
  cuda: ["libcudart.so.13", "libcublas.so.13", "libcuda.so.1"],
  vulkan: ["libvulkan.so.1"],
} as const;

type Loadable = keyof typeof systemLibraries;
const loadable = Object.keys(systemLibraries) as Loadable[];

const ownManifest = new URL("package.json", packageRoot);
/** The folder whose node_modules this package is in, or, for a clone, beside which it lies. */
const installFolder = dirname(fileURLToPath(packageRoot)).replace(/[/\\]node_modules$/, "");

/** A package with ggml's module for a GPU, which works with the very same llama.cpp only. */
interface GpuPackage {
  readonly name: string;
  readonly version: string;
  /** Of the module, in the package. */
  readonly file: string;
}

/** For the clone's addon: those of node-llama-cpp, whose libraries it has. */
function clonesPackage(gpu: Loadable): GpuPackage {
  const { devDependencies } = JSON.parse(readFileSync(ownManifest, "utf8")) as {
    devDependencies: Record<string, string>;
  };
  const platform = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}-${gpu}`;
  const file = process.platform === "win32" ? `ggml-${gpu}.dll` : `libggml-${gpu}.so`;
  return {
    name: `@node-llama-cpp/${platform}`,
    version: devDependencies["node-llama-cpp"] ?? "",
    file: join("bins", platform, file),
  };
}

/** For the published addon, whose libraries have names of their own. */
const publishedPackages: Readonly<Record<string, readonly Loadable[]>> = {
  "@tonescore/linux-x64-gnu": ["cuda", "vulkan"],
};

function publishedPackage(gpu: Loadable): GpuPackage | undefined {
  const own = addonPackage() ?? "";
  if (!publishedPackages[own]?.includes(gpu)) return undefined;
  return { name: `${own}-${gpu}`, version, file: `libggml-${gpu}.so` };
}

/** Why a GPU cannot be used, and what to do. */
export interface Problem {
  readonly but: string;
  readonly remedy?: string;
}

/** Loads the module for a GPU, and says why where it cannot. */
export function loadModule(addon: NativeAddon, gpu: Loadable): Problem | undefined {
  const wanted = isClone ? clonesPackage(gpu) : publishedPackage(gpu);
  if (!wanted) {
    const but = `there is no package for it on ${process.platform}-${process.arch}`;
    return { but, remedy: "Use a clone of the repository, and build from source." };
  }
  const where = isClone ? ` --no-save --prefix "${installFolder}"` : "";
  const remedy = `Run: npm install${where} ${wanted.name}@${wanted.version}`;
  const found = findPackage(wanted.name, wanted.file);
  if (!found) return { but: "its package is not installed beside tonescore", remedy };
  if (found.version !== wanted.version)
    return { but: `${wanted.name} is version ${found.version} and not ${wanted.version}`, remedy };
  const libraries = process.platform === "linux" ? systemLibraries[gpu] : [];
  const module = outsideArchive(join(found.folder, wanted.file));
  if (!addon.loadBackend(module, libraries)) {
    const needed = gpu === "cuda" ? "the driver and the CUDA 13 runtime are" : "the driver is";
    return { but: `${module} does not load`, remedy: `Check that ${needed} installed.` };
  }
  return undefined;
}

const loaded = new Set<Gpu>();

/**
 * Loads what is needed to run on the wanted GPU, once a process, and tells whether there is one to run on.
 * @throws {TonescoreError} `ERR_NATIVE_LOAD` where a GPU asked for by name cannot be used.
 */
export function prepareGpu(addon: NativeAddon, gpu: Gpu): boolean {
  if (gpu === "off") return false;
  let problem: Problem = { but: "none was found on this machine" };
  for (const name of loadable) {
    if ((gpu !== "auto" && gpu !== name) || loaded.has(name)) continue;
    const failed = loadModule(addon, name);
    if (failed) problem = failed;
    else loaded.add(name);
  }
  const wanted = addon.devices().filter((device) => device.gpu);
  const usable =
    gpu === "auto" ? wanted : wanted.filter((device) => device.backend.toLowerCase().startsWith(gpu));
  if (usable.length === 0 && gpu !== "auto") {
    throw expected(`a ${gpu} device`, { code: "ERR_NATIVE_LOAD", ...problem });
  }
  return usable.length > 0;
}
