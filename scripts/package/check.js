// Holds libraries to what makes them load anywhere and beside others, before they are published.
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { GLIBC } from "./zig.js";

/** All of it glibc's own. */
const allowed = new Set(
  "libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1 ld-linux-x86-64.so.2 libtonescore-ggml-base.so".split(
    " ",
  ),
);

/** @param {string} version such as "2.28" */
const asNumber = (version) => {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return 1000 * major + minor;
};

/** What is wrong with a library, as `readelf -d -V` describes it. @param {string} described */
export function faultsOf(described) {
  const all = (/** @type {RegExp} */ pattern) =>
    [...described.matchAll(pattern)].map(([, found = ""]) => found);
  const needed = all(/\(NEEDED\).*\[(.*)\]/g).filter((name) => !allowed.has(name));
  const newer = all(/Name: GLIBC_([\d.]+)/g).filter((version) => asNumber(version) > asNumber(GLIBC));
  const paths = all(/\((?:RUNPATH|RPATH)\).*\[(.*)\]/g);
  const [name = ""] = all(/\(SONAME\).*\[(.*)\]/g);
  return [
    ...needed.map((library) => `it needs ${library}`),
    ...newer.map((version) => `it needs glibc ${version}`),
    ...(paths.join() === "$ORIGIN" ? [] : [`it looks for libraries in "${paths.join()}", not beside itself`]),
    ...(/^lib(ggml(-base)?|llama)\./.test(name) ? [`its name ${name} is another llama.cpp's too`] : []),
  ];
}

/** @param {string} folder @throws where a library in it has faults, or there is none */
export function checkLibraries(folder) {
  const files = readdirSync(folder).filter((file) => /\.(node|so)$/.test(file));
  if (files.length === 0) throw new Error(`There are no libraries in ${folder}`);
  const faults = files.flatMap((file) => {
    const described = execFileSync("readelf", ["-d", "-V", "--wide", join(folder, file)], {
      encoding: "utf8",
    });
    return faultsOf(described).map((fault) => `${file}: ${fault}`);
  });
  if (faults.length > 0) throw new Error(`Not fit to be published:\n${faults.join("\n")}`);
}
