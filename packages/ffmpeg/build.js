// Builds @tonescore/ffmpeg-linux-<x64 | arm64> from Debian's sources, and packs it and them:
// `node packages/ffmpeg/build.js TO [--arch arm64] [--jobs 1] [--or-newest]`. Where Debian has
// dropped a version that sources.js names, this fails; with `--or-newest` it takes the one there is: for CI.
//
// Needs apt-get with dpkg-dev, and make, meson, nasm, pkg-config, autoconf, automake and libtool.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { hashOf, isUpToDate, removeStamp, writeStamp } from "../../native/stamp.js";
import { readManifest } from "../../scripts/package/manifest.js";
import { compilerFor } from "../../scripts/package/zig.js";
import { buildDav1d, buildFfmpeg, buildZimg, buildZlib } from "./recipes.js";
import { fetchSources } from "./sources.js";
import { archivesIn, stage } from "./stage.js";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    arch: { type: "string", default: process.arch },
    jobs: { type: "string", default: String(availableParallelism()) },
    "or-newest": { type: "boolean", default: false },
  },
});
const [to] = positionals;
const cpu = new Map([
  ["x64", "x86_64"],
  ["arm64", "aarch64"],
]).get(options.arch);
if (!cpu || to === undefined) throw new Error("Expected a folder to pack to, and --arch x64 or arm64");

// Statically against musl: one program for every Linux.
const target = `${cpu}-linux-musl`;
const archives = join(root, "build", "ffmpeg", "sources");
const folder = join(root, "build", "ffmpeg", target);
const compiler = compilerFor(target);
const sources = fetchSources(archives, options["or-newest"]);
const program = join(folder, "ffmpeg", "ffmpeg_g");

const stamp = join(root, "build", "ffmpeg", `${target}.stamp`);
const made = join(folder, "ffmpeg", "ffbuild");
const inputs = ["components.js", "recipes.js", "sources.js"].map((file) => join("packages", "ffmpeg", file));
const hash = hashOf(root, [...inputs, "scripts/package/toolchain", "scripts/package/zig.js"], {});
if (!isUpToDate(stamp, hash, made)) {
  removeStamp(stamp);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const part of [buildZlib, buildDav1d, buildZimg, buildFfmpeg]) {
    console.log(part.name);
    part({ sources, compiler, target: { cpu, host: target }, folder, jobs: options.jobs });
  }
  writeStamp(stamp, hash, made);
}

const release = resolve(to);
const staged = join(root, "build", "ffmpeg", "staged", options.arch);
const manifest = readManifest(root);
stage({ program, arch: options.arch, manifest, archives, sources, library: compiler.library }, staged);
mkdirSync(release, { recursive: true });
execFileSync("npm", ["pack", staged, "--pack-destination", release, "--silent"], { stdio: "inherit" });
const tar = ["--create", "--file", join(release, "ffmpeg-sources.tar"), "--directory", archives];
execFileSync("tar", [...tar, ...archivesIn(archives)]);
