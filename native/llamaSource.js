// llama.cpp's source, which node-llama-cpp carries as a git bundle.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @param {string} path @returns {unknown} */
export const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));

/** The folder of an installed package, or undefined. @param {string} name */
export function packageFolder(name) {
  const folder = join(root, "node_modules", name);
  return existsSync(join(folder, "package.json")) ? folder : undefined;
}

/** The bundle's file, the release of llama.cpp in it, such as "v0.5.0", and node-llama-cpp's own version. */
export function findBundle() {
  const folder = packageFolder("node-llama-cpp");
  if (!folder) {
    console.error("node-llama-cpp, which carries llama.cpp's source, is not installed. Run: npm ci");
    process.exit(1);
  }
  const { version } = /** @type {{ version: string }} */ (readJson(join(folder, "package.json")));
  const { tag } = /** @type {{ tag: string }} */ (readJson(join(folder, "llama", "llama.cpp.info.json")));
  return { bundle: join(folder, "llama", "gitRelease.bundle"), release: tag, version };
}

/** Checks llama.cpp out, once a release. @param {string} bundle @param {string} release */
export function checkOutSource(bundle, release) {
  const folder = join(root, "build", `llama.cpp-${release}`);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  execFileSync("git", ["-c", "advice.detachedHead=false", "clone", "--quiet", bundle, partial], {
    stdio: "inherit",
  });
  renameSync(partial, folder);
  return folder;
}
