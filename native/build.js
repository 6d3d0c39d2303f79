// Builds the addon into build/Release: `node native/build.js [--from-source] [--cuda | --metal | --vulkan]`.
//
// llama.cpp's source comes from node-llama-cpp's git bundle. Its libraries are the prebuilt ones of
// @node-llama-cpp/<platform> where that package exists in the same version; otherwise they are compiled too.
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import cmakeJs from "cmake-js";
import { removeForeignCache } from "./cmakeCache.js";
import { compileCpuModule } from "./cpuModule.js";
import { checkOutSource, findBundle, packageFolder, readJson } from "./llamaSource.js";
import { hashOf, isUpToDate, removeStamp, writeStamp } from "./stamp.js";
import { removeEmptyRunpath } from "./runpath.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const buildFolder = join(root, "build");
const outputFolder = join(buildFolder, "Release");

/** The folder of prebuilt libraries for this machine, or undefined. @param {string} version */
function prebuiltLibraries(version) {
  const platform = process.platform.replace("darwin", "mac").replace("win32", "win");
  const suffix = process.platform === "darwin" && process.arch === "arm64" ? "-metal" : "";
  const name = `${platform}-${process.arch === "arm" ? "armv7l" : process.arch}${suffix}`;
  const folder = packageFolder(`@node-llama-cpp/${name}`);
  if (!folder) return undefined;
  const found = /** @type {{ version: string }} */ (readJson(join(folder, "package.json"))).version;
  return found === version ? join(folder, "bins", name) : undefined;
}

/** Libraries that another kind of build left behind would be loaded as well. */
function removeLibraries() {
  mkdirSync(outputFolder, { recursive: true });
  for (const file of readdirSync(outputFolder)) {
    if (/\.(node|so|dylib|dll|metal)$/.test(file)) rmSync(join(outputFolder, file));
  }
}

/** @param {string} folder */
function copyLibraries(folder) {
  for (const file of readdirSync(folder)) {
    if (!/^libggml|^libllama\.v|\.metal$/.test(file)) continue;
    const copy = join(outputFolder, file);
    copyFileSync(join(folder, file), copy);
    if (process.platform === "linux") removeEmptyRunpath(copy);
  }
}

/** npx keeps what a build prints to itself, so there the terminal is told. @param {string} message */
function tell(message) {
  console.log(message);
  if (process.env.npm_command !== "exec" || process.platform === "win32") return;
  try {
    writeFileSync("/dev/tty", `tonescore: ${message}\n`);
  } catch {
    // There is no terminal.
  }
}

const { values: options } = parseArgs({
  options: {
    "from-source": { type: "boolean", default: false },
    cuda: { type: "boolean", default: false },
    metal: { type: "boolean", default: false },
    vulkan: { type: "boolean", default: false },
  },
});
const gpus = /** @type {const} */ (["cuda", "metal", "vulkan"]).filter((gpu) => options[gpu]);
const { bundle, release, version } = findBundle();
const prebuilt = options["from-source"] || gpus.length > 0 ? undefined : prebuiltLibraries(version);
const stamp = join(buildFolder, "native.stamp");
const { platform, arch } = process;
const hash = hashOf(root, ["native"], {
  options,
  version,
  prebuilt: prebuilt !== undefined,
  platform,
  arch,
});
if (isUpToDate(stamp, hash, outputFolder)) process.exit();
removeStamp(stamp);
tell(
  prebuilt
    ? `Building the addon against the prebuilt llama.cpp ${release}, which takes about a minute`
    : `Building the addon and all of llama.cpp ${release} from source, which takes many minutes`,
);

const source = checkOutSource(bundle, release);
/** @type {Record<string, string>} */
const definitions = {
  LLAMA_SOURCE: source,
  LLAMA_PREBUILT: prebuilt ?? "",
  LLAMA_RELEASE: release,
};
for (const gpu of gpus) definitions[`GGML_${gpu.toUpperCase()}`] = "ON";
removeLibraries();
removeForeignCache(join(buildFolder, "cmake"), join(root, "native"));
const build = new cmakeJs.BuildSystem({
  directory: join(root, "native"),
  out: join(buildFolder, "cmake"), // build/ itself may be node-gyp's
  cMakeOptions: definitions,
  parallel: availableParallelism(),
  config: "Release",
});
await build.configure();
await build.build();
if (prebuilt) {
  copyLibraries(prebuilt);
  compileCpuModule(source, buildFolder, outputFolder);
}
writeStamp(stamp, hash, outputFolder);
