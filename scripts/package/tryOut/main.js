// Installs what `npm run package` and `npm run package:ffmpeg` have made into an empty folder, as a stranger would who
// has Node and nothing else, and scores a picture and a clip there: `npm run test:package`. On Linux on x64 those for
// arm64 are run by qemu, the command line alone, since that takes long: `npm run test:package -- linux-arm64-gnu`.
import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ownPlatform, platforms } from "../platforms.js";
import { tryEsbuild, tryTypeScript, tryWebpack } from "./bundles.js";
import { arm64Node, wrap } from "./emulated.js";
import { tryVulkan } from "./gpu.js";
import { isPacked, makeInstallation, packedFile, root } from "./installation.js";
import { tryMistakes } from "./mistakes.js";
import { tryNeighbours } from "./neighbours.js";
import { checkExports, fetchTools } from "./tools.js";
import {
  clip,
  expectNear,
  expectScore,
  imported,
  media,
  picture,
  program,
  required,
  scoresIn,
} from "./scores.js";

/** Megabytes: of each package, packed, and of all that is installed, less the ffmpeg. */
const MOST_PACKED = 10;
const MOST_INSTALLED = 48;

/** Of an installation, by their files below node_modules. */
const parts = {
  tonescore: /^tonescore\//,
  "the addon's package": /^@tonescore\/(?!ffmpeg)/,
  sharp: /^(sharp|@img)\//,
  "the ffmpeg": /^@tonescore\/ffmpeg/,
};

/** @param {string} what @param {number} bytes @param {number} most in megabytes */
function expectSize(what, bytes, most) {
  console.log(`${what}: ${(bytes / 1e6).toFixed(1)} MB`);
  if (bytes > most * 1e6) throw new Error(`${what} is larger than ${most} MB`);
}

/** @param {import("./installation.js").Installation} installation @param {readonly string[]} options */
function tryCommandLine({ node }, options = []) {
  const main = "node_modules/tonescore/dist/cli/main.js";
  const [first, second] = scoresIn(node([main, ...media, "-f", "ndjson", ...options]));
  expectNear("picture", first, picture);
  expectNear("clip", second, clip);
}

/** @param {readonly string[]} packages @param {import("./installation.js").Installation} installation */
function checkSizes(packages, installation) {
  for (const name of ["tonescore", ...packages])
    expectSize(name, statSync(packedFile(name)).size, MOST_PACKED);
  expectSize("installed, without the ffmpeg", installation.bytes(/^(?!@tonescore\/ffmpeg-)/), MOST_INSTALLED);
  for (const [part, files] of Object.entries(parts))
    expectSize(`  ${part}`, installation.bytes(files), MOST_INSTALLED);
}

/** Where there is no package with an ffmpeg, the clone's. @param {import("../platforms.js").Platform} platform @returns {string[]} */
function ffmpegOptions({ os }) {
  if (os === "linux") return [];
  /** @type {unknown} */
  const found = createRequire(import.meta.url)("@ffmpeg-installer/ffmpeg");
  return ["--ffmpeg", /** @type {{ path: string }} */ (found).path];
}

/** @param {string} name @param {import("../platforms.js").Platform} platform @param {import("./installation.js").Installation} installation */
async function tryPrograms(name, platform, installation) {
  tryCommandLine(installation, ffmpegOptions(platform));
  expectScore(installation, "require", "required.cjs", program(required));
  expectScore(installation, "import", "imported.mjs", program(imported));
  tryTypeScript(installation);
  await tryEsbuild(installation);
  const tools = fetchTools();
  checkExports(tools);
  tryWebpack(installation, tools);
  if (name === "linux-x64-gnu") tryVulkan(installation);
  if (platform.libc !== "musl") tryNeighbours(installation); // of which there is none for musl
  if (name === "linux-x64-gnu") tryMistakes(installation);
}

/** @param {string} name @param {import("../platforms.js").Platform} platform */
function tryEmulated(name, platform) {
  const ffmpegs = ["ffmpeg-linux-arm64"].filter(isPacked);
  const node = arm64Node(join(root, "build", "package", "fetched", "arm64"));
  const installation = makeInstallation({ platform, packages: [name, ...ffmpegs], node });
  const { folder, installed } = installation;
  const [own] = ffmpegs.map((ffmpeg) => join(installed, "node_modules/@tonescore", ffmpeg, "ffmpeg"));
  // Where arm64's was not made, x64's, which the emulated Node can start too.
  const ffmpeg = own ? wrap(own, join(folder, "ffmpeg")) : join(root, "build/ffmpeg/staged/x64/ffmpeg");
  try {
    // In one process: the emulator is not told how to start what the emulated Node would start of its own kind.
    tryCommandLine(installation, ["--ffmpeg", ffmpeg, "--no-isolate"]);
  } finally {
    installation.remove();
  }
}

/** @param {string} name @param {import("../platforms.js").Platform} platform */
async function tryHere(name, platform) {
  const packages = [name, ...(platform.os === "linux" ? [`ffmpeg-linux-${platform.cpu}`] : [])];
  const installation = makeInstallation({ platform, packages, node: [process.execPath] });
  try {
    checkSizes(packages, installation);
    await tryPrograms(name, platform, installation);
  } finally {
    installation.remove();
  }
}

const own = ownPlatform();
const emulated = own === "linux-x64-gnu" ? "linux-arm64-gnu" : undefined;
const [name = own] = process.argv.slice(2);
const platform = platforms[name ?? ""];
if (name === undefined || !platform || ![own, emulated].includes(name))
  throw new Error(`Expected ${own ?? "no platform"}, which this machine is, but received ${name ?? "none"}`);
if (name === own) await tryHere(name, platform);
else tryEmulated(name, platform);
