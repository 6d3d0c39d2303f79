// The manifests of what is published.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../../native/llamaSource.js";
import { optionalPackages } from "./platforms.js";

/** @typedef {import("./platforms.js").Platform} Platform */

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
  const optionalDependencies = Object.fromEntries(optionalPackages.map((name) => [name, manifest.version]));
  return { ...Object.fromEntries(kept), optionalDependencies };
}

/** What every package for a platform says. @param {ReturnType<typeof readManifest>} manifest of tonescore @param {Platform} platform */
const forPlatform = ({ version, repository, homepage, bugs }, { os, cpu, libc }) => ({
  version,
  license: "MIT",
  repository,
  homepage,
  bugs,
  os: [os],
  cpu: [cpu],
  ...(libc && { libc: [libc] }),
  preferUnplugged: true,
});

/** @param {ReturnType<typeof readManifest>} manifest of tonescore @param {string} name @param {Platform} platform */
export const addonManifest = (manifest, name, platform) => ({
  name: `@tonescore/${name}`,
  description: `tonescore's native addon for ${platform.on}`,
  ...forPlatform(manifest, platform),
  engines: manifest.engines,
  exports: { "./tonescore.node": "./tonescore.node", "./package.json": "./package.json" },
});

/** @param {ReturnType<typeof readManifest>} manifest of tonescore @param {string} name @param {Platform} platform @param {string} gpu */
export const gpuManifest = (manifest, name, platform, gpu) => ({
  name: `@tonescore/${name}-${gpu}`,
  description: `What tonescore needs to run on a GPU by ${gpu === "cuda" ? "CUDA" : "Vulkan"}, for ${platform.on}`,
  ...forPlatform(manifest, platform),
  exports: { "./package.json": "./package.json" },
});
