// Debian's sources, which Debian mends: fetched, held against its signatures and unpacked by apt, whose settings and
// lists are the build's own.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** One version each, so that the same is built until another is written here. */
export const sources = {
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

/**
 * Fetches the sources into `folder`, where their archives stay, and unpacks each into a folder of its name.
 * @param {string} folder
 * @returns {Record<keyof typeof sources, string>} the folders
 */
export function fetchSources(folder) {
  mkdirSync(folder, { recursive: true });
  const apt = aptSettings(folder);
  const missing = Object.entries(sources).filter(([name]) => !existsSync(join(folder, name)));
  if (missing.length > 0) execFileSync("apt-get", [...apt, "-qq", "update"], { stdio: "inherit" });
  for (const [name, version] of missing) {
    const wanted = `${name}=${version}`;
    execFileSync("apt-get", [...apt, "-qq", "source", "--download-only", wanted], {
      cwd: folder,
      stdio: "inherit",
    });
    // A file's name has no epoch.
    const file = `${name}_${version.replace(/^\d+:/, "")}.dsc`;
    if (!readdirSync(folder).includes(file)) throw new Error(`apt-get did not bring ${file}`);
    const partial = `${name}.partial`;
    rmSync(join(folder, partial), { recursive: true, force: true });
    execFileSync("dpkg-source", ["--extract", file, partial], { cwd: folder, stdio: "inherit" });
    execFileSync("mv", [partial, name], { cwd: folder });
  }
  const at = (/** @type {string} */ name) => join(folder, name);
  return { ffmpeg: at("ffmpeg"), dav1d: at("dav1d"), zimg: at("zimg"), zlib: at("zlib") };
}
