import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isClone, outsideArchive, packageRoot } from "../places.js";
import { expected } from "../util/expected.js";
import { findPackage } from "../util/installedPackage.js";
import { version } from "../version.js";
import type { Device, NativeAddon } from "./addon.js";
import { judgeCuda } from "./cuda.js";
import type { Gpu } from "./gpuNames.js";
import type { Loading, Problem } from "./gpuProblem.js";
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

/**
 * Loads the module for a GPU, and says why where it cannot.
 * @param find stands in for the look among the installed packages
 */
export function loadModule(addon: NativeAddon, gpu: Loadable, find = findPackage): Loading {
  const wanted = isClone ? clonesPackage(gpu) : publishedPackage(gpu);
  if (!wanted) {
    const but = `there is no package for it on ${process.platform}-${process.arch}`;
    const remedy = "Use a clone of the repository, and build from source.";
    return { problem: { but, remedy, meant: true } };
  }
  const where = isClone ? ` --no-save --prefix "${installFolder}"` : "";
  const remedy = `Run: npm install${where} ${wanted.name}@${wanted.version}`;
  const found = find(wanted.name, wanted.file);
  if (!found)
    return { problem: { but: "its package is not installed beside tonescore", remedy, meant: true } };
  if (found.version !== wanted.version)
    return {
      problem: { but: `${wanted.name} is version ${found.version} and not ${wanted.version}`, remedy },
    };
  const loading = gpu === "cuda" ? judgeCuda(addon.cudaDriver()) : { slowStart: undefined };
  if ("problem" in loading) return loading;
  const libraries = process.platform === "linux" ? systemLibraries[gpu] : [];
  const module = outsideArchive(join(found.folder, wanted.file));
  if (addon.loadBackend(module, libraries)) return loading;
  const needed = gpu === "cuda" ? "the CUDA 13 runtime (libcudart.so.13, libcublas.so.13)" : "the driver";
  return { problem: { but: `${module} does not load`, remedy: `Install ${needed}.` } };
}

/** Whether a model runs on a GPU, and what its user is to know of that. */
export interface GpuUse {
  readonly onGpu: boolean;
  /** Why a GPU whose package is installed is not used. */
  readonly warnings: readonly string[];
  /** Why the first picture may take long. */
  readonly slowStart: string | undefined;
}

/** The modules that an addon has loaded, and why the first start with each may be slow. */
const modules = new WeakMap<NativeAddon, Map<Gpu, string | undefined>>();

/**
 * Loads what is needed to run on the wanted GPU, once a process, and tells whether there is one to run on.
 * @param find stands in for the look among the installed packages
 * @throws {TonescoreError} `ERR_NATIVE_LOAD` where a GPU asked for by name cannot be used.
 */
export function prepareGpu(addon: NativeAddon, gpu: Gpu, find = findPackage): GpuUse {
  if (gpu === "off") return { onGpu: false, warnings: [], slowStart: undefined };
  const devices = (of: Gpu): readonly Device[] =>
    addon.devices().filter((device) => device.gpu && (of === "auto" || isOf(device, of)));
  const loaded = modules.get(addon) ?? new Map<Gpu, string | undefined>();
  modules.set(addon, loaded);
  const warnings: string[] = [];
  let problem: Problem = { but: "none was found on this machine" };
  for (const name of loadable) {
    // What was built in from source was built for the GPUs that there are.
    if ((gpu !== "auto" && gpu !== name) || loaded.has(name) || devices(name).length > 0) continue;
    const loading = loadModule(addon, name, find);
    if (!("problem" in loading)) {
      loaded.set(name, loading.slowStart);
      continue;
    }
    problem = loading.problem;
    if (problem.meant !== true) warnings.push(warningOf(name, problem));
  }
  const usable = devices(gpu);
  if (usable.length === 0 && gpu !== "auto") {
    const { but, remedy } = problem;
    throw expected(`a ${gpu} device`, {
      code: "ERR_NATIVE_LOAD",
      but,
      ...(remedy !== undefined && { remedy }),
    });
  }
  const slowStart = loadable.find((name) => loaded.get(name) !== undefined && devices(name).length > 0);
  return { onGpu: usable.length > 0, warnings, slowStart: slowStart && loaded.get(slowStart) };
}

/** Whether a device is reached by CUDA, Vulkan or Metal. */
export const isOf = ({ backend }: Device, gpu: Gpu): boolean => backend.toLowerCase().startsWith(gpu);

const warningOf = (gpu: Gpu, { but, remedy }: Problem): string =>
  `${gpu} is not used: ${but}.${remedy === undefined ? "" : ` ${remedy}`}`;
