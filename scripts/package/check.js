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

/** What is wrong with a library, as `readelf -d -V` describes it. @param {string} described @param {"glibc" | "musl"} libc */
export function faultsOf(described, libc) {
  const all = (/** @type {RegExp} */ pattern) =>
    [...described.matchAll(pattern)].map(([, found = ""]) => found);
  const needed = all(/\(NEEDED\).*\[(.*)\]/g).filter((name) => !allowed[libc].test(name));
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

/**
 * @param {string} folder
 * @param {import("./platforms.js").Platform} platform of which those of Linux are looked into
 * @throws where a library in it has faults, or there is none
 */
export function checkLibraries(folder, { libc }) {
  const files = readdirSync(folder).filter((file) => /\.(node|so|dylib|dll)$/.test(file));
  if (!files.includes("tonescore.node")) throw new Error(`There is no tonescore.node in ${folder}`);
  if (libc === undefined) return;
  const faults = files.flatMap((file) => {
    const described = execFileSync("readelf", ["-d", "-V", "--wide", join(folder, file)], {
      encoding: "utf8",
    });
    return faultsOf(described, libc).map((fault) => `${file}: ${fault}`);
  });
  if (faults.length > 0) throw new Error(`Not fit to be published:\n${faults.join("\n")}`);
}
