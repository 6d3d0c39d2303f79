// Makes what a release publishes, in release/: `npm run package [-- NAME…] [-- --quick] [-- --jobs 1]`. Linux on x64,
// or for its own package, macOS.
//
// A NAME is that of a package, less its scope: tonescore, linux-x64-gnu, linux-x64-gnu-vulkan. Without one it makes all
// for the system of this machine; Windows' are made on Linux too, by name. `--quick` compiles one module for the
// processor, in place of one for each level: for trying, and for CI.
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildAddon } from "./addon.js";
import { checkLibraries } from "./check.js";
import { stageGpuModule } from "./gpuModule.js";
import { npm } from "./npm.js";
import { addonManifest, gpuManifest, publishedManifest, readManifest, writeManifest } from "./manifest.js";
import { platforms } from "./platforms.js";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    jobs: { type: "string", default: String(availableParallelism()) },
  },
});
const manifest = readManifest(root);
const { version } = manifest;

/** @param {string} name */
const stagedFolder = (name) => join(root, "build", "package", "staged", name);

/** @param {string} folder */
function pack(folder) {
  const release = join(root, "release");
  mkdirSync(release, { recursive: true });
  npm(["pack", folder, "--pack-destination", release, "--silent"], { stdio: "inherit" });
}

/** JavaScript, types and the bundled model: the files that npm itself would pack. */
function packLibrary() {
  execFileSync(process.execPath, [join(root, "scripts", "buildTs.js")], { stdio: "inherit" });
  const listed = npm(["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: root });
  /** @type {unknown} */
  const parsed = JSON.parse(listed);
  const [{ files }] = /** @type {[{ files: { path: string }[] }]} */ (parsed);
  const to = stagedFolder("tonescore");
  rmSync(to, { recursive: true, force: true });
  for (const { path } of files) cpSync(join(root, path), join(to, path));
  writeManifest(to, publishedManifest(manifest));
  pack(to);
}

/** @param {string} name @param {import("./platforms.js").Platform} platform */
function packAddon(name, platform) {
  const to = stagedFolder(name);
  const { quick, jobs } = options;
  const licences = buildAddon({ root, name, version, platform, quick, jobs, to });
  checkLibraries(to, platform);
  mkdirSync(join(to, "licenses"));
  for (const [library, file] of Object.entries(licences)) copyFileSync(file, join(to, "licenses", library));
  copyFileSync(join(root, "LICENSE"), join(to, "LICENSE"));
  writeManifest(to, addonManifest(manifest, name, platform));
  pack(to);
}

/** @param {string} name of the platform @param {import("./platforms.js").Platform} platform @param {string} gpu */
function packGpuModule(name, platform, gpu) {
  const to = stagedFolder(`${name}-${gpu}`);
  stageGpuModule({ root, platform, gpu, version, to });
  copyFileSync(join(root, "LICENSE"), join(to, "LICENSE"));
  writeManifest(to, gpuManifest(manifest, name, platform, gpu));
  pack(to);
}

/** Each package's name, and what makes it. @type {Map<string, () => void>} */
const recipes = new Map([["tonescore", packLibrary]]);
for (const [name, platform] of Object.entries(platforms)) {
  recipes.set(name, () => {
    packAddon(name, platform);
  });
  for (const gpu of platform.gpus ?? [])
    recipes.set(`${name}-${gpu}`, () => {
      packGpuModule(name, platform, gpu);
    });
}

/** What is made where no name is given: what is for this system and can be made on this machine. @param {string} name */
function isOwn(name) {
  if (name === "tonescore") return true;
  if (!name.startsWith(`${process.platform}-`)) return false;
  const host = `${process.platform}-${process.arch}`;
  return host === "linux-x64" || name.startsWith(host);
}

const wanted = positionals.length > 0 ? positionals : [...recipes.keys()].filter(isOwn);
for (const name of wanted) {
  const make = recipes.get(name);
  if (!make) throw new Error(`There is no package ${name}, but there are: ${[...recipes.keys()].join(", ")}`);
  make();
}
