// What @tonescore/<platform>-cuda and -vulkan hold: ggml's module for the GPU, as node-llama-cpp has compiled it of the very
// same llama.cpp, with the names of libraries that the published addon has.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { checkOutSource, findBundle, readJson } from "../../native/llamaSource.js";
import { baseLibrary } from "./addon.js";
import { checkModule } from "./check.js";
import { checkKernels } from "./cudaKernels.js";

/** Of node-llama-cpp's packages, in the version that package.json names. @type {Record<string, string>} */
const integrities = {
  "@node-llama-cpp/linux-x64-cuda":
    "sha512-8rQCjyNNLZJUFit+YpjwlC4hwkKgOMIkB2wuycKBf8NU2O3ySKbiWZQ8aw9ku2nUTXjSnUIrE6KB88itduTBuA==",
  "@node-llama-cpp/linux-x64-vulkan":
    "sha512-bBxqU+JOcBu1nb5Qj2zcMci+JByT1E8EajHvYodyNfVIPkEhXh+/HMwR1/BT7xP08YK0hks+kM8fglER0P8JEg==",
};

/** Fetches a package from npm's registry and unpacks it, once. @param {string} name @param {string} version @param {string} folder */
function fetchPackage(name, version, folder) {
  const unpacked = join(folder, `${name.replace("/", "-")}-${version}`);
  if (existsSync(unpacked)) return unpacked;
  mkdirSync(folder, { recursive: true });
  const options = ["--json", "--ignore-scripts", "--pack-destination", folder];
  const printed = execFileSync("npm", ["pack", `${name}@${version}`, ...options], { encoding: "utf8" });
  /** @type {unknown} */
  const parsed = JSON.parse(printed);
  const [{ filename, integrity }] = /** @type {[{ filename: string, integrity: string }]} */ (parsed);
  if (integrity !== integrities[name])
    throw new Error(`${name} ${version} has the hash ${integrity}, which is not that of gpuModule.js`);
  const partial = `${unpacked}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial);
  execFileSync("tar", ["-xzf", join(folder, filename), "-C", partial, "--strip-components=1"]);
  execFileSync("mv", [partial, unpacked]);
  return unpacked;
}

/**
 * @param {object} options
 * @param {string} options.root of the repository
 * @param {import("./platforms.js").Platform} options.platform
 * @param {string} options.gpu
 * @param {string} options.version of tonescore
 * @param {string} options.to the folder, which is made anew
 */
export function stageGpuModule({ root, platform: { os, cpu }, gpu, version, to }) {
  const { bundle, release, version: pinned } = findBundle();
  const name = `${os}-${cpu}-${gpu}`;
  const fetched = fetchPackage(`@node-llama-cpp/${name}`, pinned, join(root, "build", "package", "fetched"));
  rmSync(to, { recursive: true, force: true });
  mkdirSync(join(to, "licenses"), { recursive: true });
  const module = join(to, `libggml-${gpu}.so`);
  copyFileSync(join(fetched, "bins", name, `libggml-${gpu}.so`), module);
  const changes = [
    ["--replace-needed", "libggml-base.so", baseLibrary(version)],
    ["--set-soname", `libtonescore-${version}-ggml-${gpu}.so`],
    ["--set-rpath", "$ORIGIN"],
  ];
  // One a call: of several patchelf makes one.
  for (const change of changes) execFileSync("patchelf", [...change, module]);
  checkModule(module);
  if (gpu === "cuda") checkKernels(module, readJson(join(root, "src", "native", "cudaKernels.json")));
  copyFileSync(join(fetched, "LICENSE"), join(to, "licenses", "node-llama-cpp"));
  copyFileSync(join(checkOutSource(bundle, release), "LICENSE"), join(to, "licenses", "llama.cpp"));
}
