// Publishes what is in release/: `node scripts/package/publish.js [OPTIONS of npm publish]`, such as --dry-run. tonescore
// comes last, since it asks for the others. What the registry has already is passed over: so it can be run again.
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { npm } from "./npm.js";

const release = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "release");
const options = process.argv.slice(2);

/** @param {string} file @returns {string} such as `tonescore@1.0.0` */
function nameOf(file) {
  const text = execFileSync("tar", ["-xOf", file, "package/package.json"], { encoding: "utf8" });
  /** @type {unknown} */
  const manifest = JSON.parse(text);
  const { name, version } = /** @type {{ name: string, version: string }} */ (manifest);
  return `${name}@${version}`;
}

/** @param {string} name with its version */
function isPublished(name) {
  try {
    return npm(["view", name, "version"], { stdio: ["ignore", "pipe", "pipe"] }).trim() !== "";
  } catch (error) {
    if (String(/** @type {{ stderr?: unknown }} */ (error).stderr).includes("E404")) return false;
    throw error;
  }
}

const packed = readdirSync(release).filter((file) => file.endsWith(".tgz"));
const [last = [], first = []] = [true, false].map((library) =>
  packed.filter((file) => /^tonescore-\d/.test(file) === library),
);
if (last.length !== 1) throw new Error(`Expected one tonescore in release/, but found ${last.length}`);
for (const file of [...first, ...last].map((name) => join(release, name))) {
  const name = nameOf(file);
  if (isPublished(name)) console.log(`${name} is published already`);
  else npm(["publish", file, "--access", "public", ...options], { stdio: "inherit" });
}
