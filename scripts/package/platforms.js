// The platforms of a release, and what compiles each one's addon: the one place that names them.

/**
 * @typedef {object} Platform
 * @property {string} os as Node and npm name it
 * @property {string} cpu
 * @property {"glibc" | "musl"} [libc]
 * @property {string} on what it is for, in words
 * @property {string} [target] of Zig's compiler, which runs on Linux on x64; else the platform's own compiler, there
 * @property {[system: string, processor: string]} cmake as CMake names them
 * @property {boolean} [oneModule] ggml has one for the processor there, not one for each level
 * @property {readonly string[]} [gpus] for which there are modules of node-llama-cpp's to be packed
 */

/** The oldest glibc that Node itself runs on. */
export const GLIBC = "2.28";

/** The oldest macOS, likewise. */
export const MACOS = "11.0";

/** By the name of the package, less `@tonescore/`. @type {Record<string, Platform>} */
export const platforms = {
  "linux-x64-gnu": {
    os: "linux",
    cpu: "x64",
    libc: "glibc",
    on: `Linux on x64 with glibc ${GLIBC} or later`,
    target: `x86_64-linux-gnu.${GLIBC}`,
    cmake: ["Linux", "x86_64"],
    gpus: ["cuda", "vulkan"],
  },
  "linux-arm64-gnu": {
    os: "linux",
    cpu: "arm64",
    libc: "glibc",
    on: `Linux on arm64 with glibc ${GLIBC} or later`,
    target: `aarch64-linux-gnu.${GLIBC}`,
    cmake: ["Linux", "aarch64"],
  },
  "linux-x64-musl": {
    os: "linux",
    cpu: "x64",
    libc: "musl",
    on: "Linux on x64 with musl, such as Alpine",
    target: "x86_64-linux-musl",
    cmake: ["Linux", "x86_64"],
  },
  "win32-x64": {
    os: "win32",
    cpu: "x64",
    on: "Windows on x64",
    target: "x86_64-windows-gnu",
    cmake: ["Windows", "AMD64"],
  },
  "win32-arm64": {
    os: "win32",
    cpu: "arm64",
    on: "Windows on arm64",
    target: "aarch64-windows-gnu",
    cmake: ["Windows", "ARM64"],
    oneModule: true,
  },
  "darwin-arm64": {
    os: "darwin",
    cpu: "arm64",
    on: "macOS on Apple silicon",
    cmake: ["Darwin", "arm64"],
  },
  "darwin-x64": {
    os: "darwin",
    cpu: "x64",
    on: "macOS on Intel processors",
    cmake: ["Darwin", "x86_64"],
  },
};

/** The name of that which this process runs on. @returns {string | undefined} */
export function ownPlatform() {
  const { header } = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  const libc = header.glibcVersionRuntime === undefined ? "musl" : "glibc";
  const fits = (/** @type {Platform} */ { os, cpu, libc: wanted = libc }) =>
    os === process.platform && cpu === process.arch && wanted === libc;
  return Object.entries(platforms).find(([, platform]) => fits(platform))?.[0];
}

/** The processors for which there is an ffmpeg, which is linked statically: one for every Linux. */
const ffmpegCpus = ["x64", "arm64"];

/** The packages that `tonescore` asks npm for, each of which npm installs where it fits. */
export const optionalPackages = [
  ...Object.keys(platforms),
  ...ffmpegCpus.map((cpu) => `ffmpeg-linux-${cpu}`),
].map((name) => `@tonescore/${name}`);
