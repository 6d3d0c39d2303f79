// Makes what a release publishes, in release/: `npm run package [-- --quick] [-- --jobs 1]`. Linux on x64 only.
//
// `--quick` compiles one module, for processors with AVX2, in place of one for each level: for trying, and for CI.
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildAddon } from "./addon.js";
import { checkLibraries } from "./check.js";
import { addonManifest, publishedManifest, readManifest, writeManifest } from "./manifest.js";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const staged = join(root, "build", "package", "staged");
const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    jobs: { type: "string", default: String(availableParallelism()) },
  },
});
const manifest = readManifest(root);

/** @param {string} folder */
function pack(folder) {
  const release = join(root, "release");
  mkdirSync(release, { recursive: true });
  execFileSync("npm", ["pack", folder, "--pack-destination", release, "--silent"], { stdio: "inherit" });
}

/** JavaScript, types and the bundled model: the files that npm itself would pack. */
function packLibrary() {
  execFileSync(process.execPath, [join(root, "scripts", "buildTs.js")], { stdio: "inherit" });
  const listed = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: root,
    encoding: "utf8",
  });
  /** @type {unknown} */
  const parsed = JSON.parse(listed);
  const [{ files }] = /** @type {[{ files: { path: string }[] }]} */ (parsed);
  const to = join(staged, "tonescore");
  rmSync(to, { recursive: true, force: true });
  for (const { path } of files) cpSync(join(root, path), join(to, path));
  writeManifest(to, publishedManifest(manifest));
  pack(to);
}

function packAddon() {
  const to = join(staged, "linux-x64-gnu");
  const licences = buildAddon({ root, quick: options.quick, jobs: options.jobs, to });
  checkLibraries(to);
  mkdirSync(join(to, "licenses"));
  for (const [name, file] of Object.entries(licences)) copyFileSync(file, join(to, "licenses", name));
  copyFileSync(join(root, "LICENSE"), join(to, "LICENSE"));
  writeManifest(to, addonManifest(manifest));
  pack(to);
}

packLibrary();
packAddon();
