// The manifests of what is published.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../../native/llamaSource.js";

/** The packages that `tonescore` asks npm for, each of which npm installs where it fits. */
const platforms = ["@tonescore/linux-x64-gnu", "@tonescore/ffmpeg-linux-x64"];

/** @param {string} root */
export const readManifest = (root) =>
  /** @type {Record<string, unknown> & { version: string }} */ (readJson(join(root, "package.json")));

/** @param {string} folder @param {object} manifest */
export function writeManifest(folder, manifest) {
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/**
 * The clone's own, less what only a clone can run, and with the packages that a clone has no need of.
 * @param {ReturnType<typeof readManifest>} manifest
 */
export function publishedManifest(manifest) {
  const ofClone = new Set(["scripts", "devDependencies", "overrides", "config", "gypfile"]);
  const kept = Object.entries(manifest).filter(([key]) => !ofClone.has(key));
  const optionalDependencies = Object.fromEntries(platforms.map((name) => [name, manifest.version]));
  return { ...Object.fromEntries(kept), optionalDependencies };
}

/** @param {ReturnType<typeof readManifest>} manifest of tonescore */
export const addonManifest = ({ version, engines }) => ({
  name: "@tonescore/linux-x64-gnu",
  version,
  description: "tonescore's native addon for Linux on x64 with glibc 2.28 or later",
  license: "MIT",
  os: ["linux"],
  cpu: ["x64"],
  libc: ["glibc"],
  engines,
  exports: { "./tonescore.node": "./tonescore.node", "./package.json": "./package.json" },
  preferUnplugged: true,
});
