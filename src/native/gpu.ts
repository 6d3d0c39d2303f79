import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageRoot } from "../places.js";
import { expected } from "../util/expected.js";
import type { NativeAddon } from "./addon.js";
import type { Gpu } from "./gpuNames.js";
import { isClone } from "./load.js";

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

const ownPackage = new URL("package.json", packageRoot);
/** The folder whose node_modules this package is in, or, for a clone, beside which it lies. */
const installFolder = dirname(fileURLToPath(packageRoot)).replace(/[/\\]node_modules$/, "");
const require = createRequire(import.meta.url);

/** The release of the prebuilt libraries; ggml's modules work with the very same one only. */
function pinnedVersion(): string {
  const { devDependencies } = JSON.parse(readFileSync(ownPackage, "utf8")) as {
    devDependencies: Record<string, string>;
  };
  return devDependencies["node-llama-cpp"] ?? "";
}

const packageName = (gpu: Loadable): string =>
  `@node-llama-cpp/${process.platform === "win32" ? "win" : process.platform}-${process.arch}-${gpu}`;

interface GpuPackage {
  readonly name: string;
  readonly version: string;
  readonly module: string;
}

/** Looked for as this package's own dependencies are, and never from the working directory: that may be a stranger's. */
function findPackage(gpu: Loadable): GpuPackage | undefined {
  const name = packageName(gpu);
  const file = process.platform === "win32" ? `ggml-${gpu}.dll` : `libggml-${gpu}.so`;
  for (const folder of (require.resolve.paths(name) ?? []).filter(isAbsolute)) {
    const manifest = join(folder, name, "package.json");
    const module = join(dirname(manifest), "bins", basename(name), file);
    if (!existsSync(manifest) || !existsSync(module)) continue;
    const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
    return { name, version, module };
  }
  return undefined;
}

/** Why a GPU cannot be used, and what to do. */
interface Problem {
  readonly but: string;
  readonly remedy?: string;
}

function loadModule(addon: NativeAddon, gpu: Loadable): Problem | undefined {
  // The published addon's libraries have names of their own, which node-llama-cpp's modules do not know.
  if (!isClone)
    return { but: "the published addon runs on processors only", remedy: "Use a clone of the repository" };
  const wanted = pinnedVersion();
  const name = packageName(gpu);
  const remedy = `Run: npm install --no-save --prefix "${installFolder}" ${name}@${wanted}`;
  const found = findPackage(gpu);
  if (!found) return { but: "its package is not installed beside tonescore", remedy };
  if (found.version !== wanted) {
    return { but: `${found.name} is version ${found.version} and not ${wanted}`, remedy };
  }
  const libraries = process.platform === "linux" ? systemLibraries[gpu] : [];
  if (!addon.loadBackend(found.module, libraries)) {
    const needed = gpu === "cuda" ? "the driver and the CUDA 13 runtime are" : "the driver is";
    return { but: `${found.module} does not load`, remedy: `Check that ${needed} installed.` };
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
