// The licences of the packages that are bundled into dist/.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const licence = /^(licen[cs]e|notice|copying)/i;

/** Folders of packages, such as `node_modules/zod`. @param {readonly string[]} modules */
function packagesIn(modules) {
  const folders = modules.map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return new Set(folders.filter((folder) => folder !== undefined));
}

/** What a manifest says of the licence. @param {string} folder */
function licenceInManifest(folder) {
  /** @type {unknown} */
  const parsed = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const { name, version, license, author } = /** @type {Record<string, unknown>} */ (parsed);
  return `${JSON.stringify({ name, version, license, author }, undefined, 2)}\n`;
}

/**
 * Copies every file of a licence and every folder of them; where there is none, what the manifest says.
 * @param {string} root of the repository
 * @param {readonly string[]} modules paths of what was bundled, from there
 * @param {string} to
 */
export function copyLicences(root, modules, to) {
  for (const path of packagesIn(modules)) {
    const folder = join(root, path);
    const target = join(to, path.replace(/^.*node_modules\//, ""));
    mkdirSync(target, { recursive: true });
    const files = readdirSync(folder).filter((file) => licence.test(file));
    for (const file of files) cpSync(join(folder, file), join(target, file), { recursive: true });
    if (files.length === 0) writeFileSync(join(target, "LICENSE.json"), licenceInManifest(folder));
  }
}
