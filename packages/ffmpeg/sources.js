// Debian's sources, which Debian mends: fetched, held against its signatures and unpacked by apt, whose settings and
// lists are the build's own.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** @typedef {"ffmpeg" | "dav1d" | "zimg" | "zlib"} SourceName */

/** One version each, so that the same is built until another is written here. @type {Record<SourceName, string>} */
const pinned = {
  ffmpeg: "7:7.1.5-0+deb13u1",
  dav1d: "1.5.1-1",
  zimg: "3.0.4+ds1-1",
  zlib: "1:1.2.13.dfsg-1",
};

const mirrors = ["debian bookworm", "debian trixie", "debian-security trixie-security"];
const keys = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** @param {string} folder */
function aptSettings(folder) {
  const lists = mirrors.map((mirror) => {
    const [archive = "", suite = ""] = mirror.split(" ");
    return `deb-src [signed-by=${keys}] http://deb.debian.org/${archive} ${suite} main\n`;
  });
  const state = join(folder, "apt");
  mkdirSync(join(state, "lists", "partial"), { recursive: true });
  writeFileSync(join(state, "sources.list"), lists.join(""));
  const settings = {
    "Dir::Etc::SourceList": join(state, "sources.list"),
    "Dir::Etc::SourceParts": "/dev/null",
    "Dir::State::Lists": join(state, "lists"),
    "APT::Sandbox::User": "",
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}

/** The file that apt has brought of a source. @param {string} folder @param {string} name */
const descriptionIn = (folder, name) =>
  readdirSync(folder).find((file) => file.startsWith(`${name}_`) && file.endsWith(".dsc"));

/** @param {string} folder @param {readonly string[]} apt its settings @param {string} wanted */
function download(folder, apt, wanted) {
  const args = [...apt, "-qq", "source", "--download-only", wanted];
  execFileSync("apt-get", args, { cwd: folder, stdio: "inherit" });
}

/**
 * @param {string} folder
 * @param {SourceName} name
 * @param {readonly string[]} apt its settings
 * @param {boolean} orNewest
 */
function fetchSource(folder, name, apt, orNewest) {
  const wanted = `${name}=${pinned[name]}`;
  try {
    download(folder, apt, wanted);
  } catch (cause) {
    const what = `Debian has no source ${wanted} any more, but a newer one`;
    if (!orNewest) throw new Error(`${what}: write that into packages/ffmpeg/sources.js`, { cause });
    console.warn(`${what}, which is built`);
    download(folder, apt, name);
  }
  const partial = `${name}.partial`;
  rmSync(join(folder, partial), { recursive: true, force: true });
  const description = descriptionIn(folder, name) ?? "";
  execFileSync("dpkg-source", ["--extract", description, partial], { cwd: folder, stdio: "inherit" });
  execFileSync("mv", [partial, name], { cwd: folder });
}

/**
 * Fetches the sources into `folder`, where their archives stay, and unpacks each into a folder of its name.
 * @param {string} folder
 * @param {boolean} orNewest where Debian has dropped a version, the one that it has, for a build that is not published
 * @returns {Record<SourceName, string>} the folders
 */
export function fetchSources(folder, orNewest) {
  mkdirSync(folder, { recursive: true });
  const apt = aptSettings(folder);
  const names = /** @type {SourceName[]} */ (Object.keys(pinned));
  const missing = names.filter((name) => !existsSync(join(folder, name)));
  if (missing.length > 0) execFileSync("apt-get", [...apt, "-qq", "update"], { stdio: "inherit" });
  for (const name of missing) fetchSource(folder, name, apt, orNewest);
  const at = (/** @type {SourceName} */ name) => join(folder, name);
  return { ffmpeg: at("ffmpeg"), dav1d: at("dav1d"), zimg: at("zimg"), zlib: at("zlib") };
}

/** The versions of what lies there. @param {string} folder @returns {string[]} such as `dav1d 1.5.1-1` */
export const fetchedVersions = (folder) =>
  Object.keys(pinned).map((name) => {
    const [, version = ""] = /_(.*)\.dsc$/.exec(descriptionIn(folder, name) ?? "") ?? [];
    return `${name} ${version}`;
  });
