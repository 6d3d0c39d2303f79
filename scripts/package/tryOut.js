// Installs what `npm run package` and `npm run package:ffmpeg` have made into an empty folder, as a stranger would who
// has Node and nothing else, and scores a picture and a clip there: `npm run test:package`.
import { execFileSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const release = join(root, "release");
const example = (/** @type {string} */ name) => join(root, "examples", name);

/** Another release, whose llama.cpp is another too. */
const OTHER = "node-llama-cpp@3.18.1";

/** Megabytes: of each package, packed, and of all that is installed. */
const MOST_PACKED = 10;
const MOST_INSTALLED = 85;

/** Of a score: the clone's addon is compiled by another compiler. */
const TOLERANCE = 2e-3;

const folder = mkdtempSync(join(tmpdir(), "tonescore-package-"));
const home = join(folder, "home");
const installed = join(folder, "installed");
mkdirSync(home);
mkdirSync(installed);
symlinkSync(process.execPath, join(folder, "node"));

/** Runs Node in the folder of the installation, where there is no other program. @param {readonly string[]} args */
const node = (args) =>
  execFileSync(join(folder, "node"), args, {
    cwd: installed,
    env: { PATH: folder, HOME: home },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });

/** @param {readonly string[]} packages */
function install(packages) {
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", ["install", ...quiet, ...packages], { cwd: installed, stdio: "inherit" });
}

/** @param {string} what @param {number} bytes @param {number} most in megabytes */
function expectSize(what, bytes, most) {
  console.log(`${what}: ${(bytes / 1e6).toFixed(1)} MB`);
  if (bytes > most * 1e6) throw new Error(`${what} is larger than ${most} MB`);
}

/** @param {string} parent @returns {number} */
const bytesBelow = (parent) =>
  readdirSync(parent, { recursive: true, encoding: "utf8" })
    .map((file) => lstatSync(join(parent, file)))
    .reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);

/** @param {string} what @param {unknown} actual @param {number} expected */
function expectNear(what, actual, expected) {
  console.log(`${what}: ${String(actual)}, in the clone ${expected}`);
  if (typeof actual === "number" && Math.abs(actual - expected) <= TOLERANCE) return;
  throw new Error(`${what}: expected ${expected}, but received ${String(actual)}`);
}

/** @param {string} printed by `-f ndjson` @returns {number[]} */
const scoresIn = (printed) =>
  printed
    .split("\n")
    .filter((line) => line.includes('"score"'))
    .map((line) => Number(/"score":([\d.]+)/.exec(line)?.[1]));

const media = [example("rider.jpg"), example("clip.mp4")];
const inClone = scoresIn(
  execFileSync(process.execPath, [join(root, "dist/cli/main.js"), ...media, "-f", "ndjson"], {
    encoding: "utf8",
  }),
);
const [picture = NaN] = inClone;

/** Prints the picture's score. @param {string} loading binds createScorer @param {string} [before] @param {string} [after] */
const program = (loading, before = "", after = "") => `
  const main = async () => {
    ${before}
    ${loading}
    const scorer = await createScorer();
    ${after}
    console.log((await scorer.scoreImage(${JSON.stringify(media[0])})).score);
    await scorer.close();
  };
  main().then(() => process.exit(), (error) => { console.error(error); process.exit(1); });`;

/** @param {string} what @param {string} file @param {string} text */
function expectScore(what, file, text) {
  writeFileSync(join(installed, file), text);
  expectNear(what, Number(node([file]).trim().split("\n").at(-1)), picture);
}

try {
  const files = readdirSync(release).filter((file) => file.endsWith(".tgz"));
  if (files.length < 3)
    throw new Error(`Expected three packages in release/, but it holds: ${files.join(", ")}`);
  for (const file of files) expectSize(file, statSync(join(release, file)).size, MOST_PACKED);
  install(files.map((file) => join(release, file)));
  expectSize("installed", bytesBelow(join(installed, "node_modules")), MOST_INSTALLED);

  const main = "node_modules/tonescore/dist/cli/main.js";
  const scores = scoresIn(node([main, ...media, "-f", "ndjson"]));
  expectNear("picture", scores[0], picture);
  expectNear("clip", scores[1], inClone[1] ?? NaN);

  const required = 'const { createScorer } = require("tonescore");';
  expectScore("require", "required.cjs", program(required));
  expectScore("import", "imported.mjs", program('const { createScorer } = await import("tonescore");'));

  install([OTHER]);
  const other = `
    const { getLlama } = await import("node-llama-cpp");
    const llama = await getLlama({ gpu: false, build: "never", progressLogs: false });
    await llama.loadModel({ modelPath: ${JSON.stringify(join(root, "models", "tonescore-2.gguf"))} });`;
  expectScore(`${OTHER} before it`, "before.cjs", program(required, other));
  expectScore(`${OTHER} after it`, "after.cjs", program(required, "", other));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
