// Whether a clone is fit to be released: `node scripts/package/checkRelease.js TAG OWNER/NAME`, the latter as GitHub has it.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readManifest } from "./manifest.js";

/**
 * @param {object} release
 * @param {Record<string, unknown> & { version: string }} release.manifest
 * @param {string} release.changelog
 * @param {string} release.tag
 * @param {string} release.repository such as `owner/name`
 * @returns {string[]} what keeps it from being released, and what mends that
 */
export function releaseFaults({ manifest, changelog, tag, repository }) {
  const { version } = manifest;
  const address = `https://github.com/${repository}`;
  const url = JSON.stringify(manifest.repository ?? null);
  const wanted = { repository: { type: "git", url: `git+${address}.git` } };
  const missing = ["homepage", "bugs"].filter((name) => manifest[name] === undefined);
  return [
    ...(tag === `v${version}` ? [] : [`The tag is ${tag}, but package.json has version ${version}`]),
    ...(url.includes(`github.com/${repository}.git"`)
      ? []
      : [
          `Provenance names the repository, but that of package.json is ${url}: write ${JSON.stringify(wanted)}`,
        ]),
    ...missing.map((name) => `package.json has no ${name}: write one, such as ${address}`),
    ...(changelog.includes(`## [${version}]`)
      ? []
      : [`CHANGELOG.md has no section [${version}]: rename Unreleased`]),
  ];
}

const [, script, tag = "", repository = ""] = process.argv;
if (script === fileURLToPath(import.meta.url)) {
  const root = dirname(dirname(dirname(script)));
  const changelog = readFileSync(join(root, "CHANGELOG.md"), "utf8");
  const faults = releaseFaults({ manifest: readManifest(root), changelog, tag, repository });
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
