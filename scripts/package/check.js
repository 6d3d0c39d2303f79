// Holds libraries to what makes them load anywhere and beside others, before they are published.
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { GLIBC } from "./platforms.js";

/** What every system has, by C library, and what lies beside the addon. @type {Record<"glibc" | "musl", RegExp>} */
const allowed = {
  glibc:
    /^(lib(c|m)\.so\.6|lib(dl|pthread)\.so\.[02]|librt\.so\.1|ld-linux-.*|libtonescore-.*-ggml-base\.so)$/,
  musl: /^(libc\.so|libtonescore-.*-ggml-base\.so)$/,
};

/** @param {string} version such as "2.28" */
const asNumber = (version) => {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return 1000 * major + minor;
};

/** The values of entries, as `readelf -d -V` prints them. @param {string} described @param {RegExp} pattern */
const all = (described, pattern) => [...described.matchAll(pattern)].map(([, found = ""]) => found);

/** What keeps a library from its place among ours. @param {string} described */
function strayingOf(described) {
  const paths = all(described, /\((?:RUNPATH|RPATH)\).*\[(.*)\]/g);
  const names = all(described, /\((?:SONAME|NEEDED)\).*\[(.*)\]/g);
  const foreign = names.filter((name) => /^lib(ggml(-base)?|llama)\./.test(name));
  return [
    ...(paths.join() === "$ORIGIN" ? [] : [`it looks for libraries in "${paths.join()}", not beside itself`]),
    ...foreign.map((name) => `the name ${name} is another llama.cpp's too`),
  ];
}

/** What is wrong with a library, as `readelf -d -V` describes it. @param {string} described @param {"glibc" | "musl"} libc */
export function faultsOf(described, libc) {
  const needed = all(described, /\(NEEDED\).*\[(.*)\]/g).filter((name) => !allowed[libc].test(name));
  const newer = all(described, /Name: GLIBC_([\d.]+)/g).filter(
    (version) => asNumber(version) > asNumber(GLIBC),
  );
  return [
    ...needed.map((library) => `it needs ${library}`),
    ...newer.map((version) => `it needs glibc ${version}`),
    ...strayingOf(described),
  ];
}

/** @param {string} file */
const describe = (file) => execFileSync("readelf", ["-d", "-V", "--wide", file], { encoding: "utf8" });

/** @param {readonly string[]} faults @throws where there are any */
function expectNone(faults) {
  if (faults.length > 0) throw new Error(`Not fit to be published:\n${faults.join("\n")}`);
}

/** Holds a module for a GPU, whose makers have chosen what else it needs. @param {string} file @throws where it has faults */
export function checkModule(file) {
  expectNone(strayingOf(describe(file)).map((fault) => `${file}: ${fault}`));
}

/**
 * @param {string} folder
 * @param {import("./platforms.js").Platform} platform of which those of Linux are looked into
 * @throws where a library in it has faults, or there is none
 */
export function checkLibraries(folder, { libc }) {
  const files = readdirSync(folder).filter((file) => /\.(node|so|dylib|dll)$/.test(file));
  if (!files.includes("tonescore.node")) throw new Error(`There is no tonescore.node in ${folder}`);
  if (libc === undefined) return;
  expectNone(
    files.flatMap((file) => faultsOf(describe(join(folder, file)), libc).map((fault) => `${file}: ${fault}`)),
  );
}
