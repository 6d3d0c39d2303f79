import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { TonescoreError } from "../errors.js";
import type { NativeAddon } from "./addon.js";

/** Where the model runs: `auto` takes a GPU where its package is installed, `off` never does. */
export type Gpu = "auto" | "off" | "cuda" | "vulkan" | "metal";
export const gpuNames: readonly Gpu[] = ["auto", "off", "cuda", "vulkan", "metal"];

const loadable = ["cuda", "vulkan"] as const;
type Loadable = (typeof loadable)[number];

const ownPackage = new URL("../../package.json", import.meta.url);
// From where the user runs first, since the GPU package is installed there.
const requires = [join(process.cwd(), "noop.js"), import.meta.url].map((from) => createRequire(from));

/** The release of the prebuilt libraries; ggml's modules work with the very same one only. */
function pinnedVersion(): string {
  const { devDependencies } = JSON.parse(readFileSync(ownPackage, "utf8")) as {
    devDependencies: Record<string, string>;
  };
  return devDependencies["node-llama-cpp"] ?? "";
}

interface GpuPackage {
  readonly name: string;
  readonly version: string;
  readonly module: string;
}

function findPackage(gpu: Loadable): GpuPackage | undefined {
  const platform = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}-${gpu}`;
  const name = `@node-llama-cpp/${platform}`;
  const file = process.platform === "win32" ? `ggml-${gpu}.dll` : `libggml-${gpu}.so`;
  for (const require of requires) {
    for (const folder of require.resolve.paths(name) ?? []) {
      const manifest = join(folder, name, "package.json");
      const module = join(dirname(manifest), "bins", platform, file);
      if (!existsSync(manifest) || !existsSync(module)) continue;
      const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
      return { name, version, module };
    }
  }
  return undefined;
}

function loadModule(addon: NativeAddon, gpu: Loadable): string | undefined {
  const wanted = pinnedVersion();
  const install = `npm install --no-save @node-llama-cpp/${process.platform}-${process.arch}-${gpu}@${wanted}`;
  const found = findPackage(gpu);
  if (!found) return `its package is not installed; run: ${install}`;
  if (found.version !== wanted) {
    return `${found.name} is version ${found.version}, but ${wanted} is needed; run: ${install}`;
  }
  if (!addon.loadBackend(found.module)) {
    return `${found.module} does not load; is the driver${gpu === "cuda" ? " and the CUDA 13 runtime" : ""} installed?`;
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
  const problems: string[] = [];
  for (const name of loadable) {
    if ((gpu !== "auto" && gpu !== name) || loaded.has(name)) continue;
    const problem = loadModule(addon, name);
    if (problem === undefined) loaded.add(name);
    else problems.push(problem);
  }
  const wanted = addon.devices().filter((device) => device.gpu);
  const usable =
    gpu === "auto" ? wanted : wanted.filter((device) => device.backend.toLowerCase().startsWith(gpu));
  if (usable.length === 0 && gpu !== "auto") {
    throw new TonescoreError(
      "ERR_NATIVE_LOAD",
      `No ${gpu} device can be used: ${problems.join("; ") || "none was found on this machine"}`,
    );
  }
  return usable.length > 0;
}
