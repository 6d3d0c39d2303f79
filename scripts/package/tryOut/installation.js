// What a release publishes, installed into an empty folder, as a stranger would who has Node and nothing else.
import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { npm } from "../npm.js";

export const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const release = join(root, "release");

/** @typedef {ReturnType<typeof makeInstallation>} Installation */

/** The packed files of a package. @param {string} name less its scope */
function packedFiles(name) {
  const stem = name === "tonescore" ? name : `tonescore-${name}`;
  return readdirSync(release).filter(
    (file) => file.startsWith(`${stem}-`) && /^\d[\w.-]*\.tgz$/.test(file.slice(stem.length + 1)),
  );
}

/** @param {string} name */
export const isPacked = (name) => packedFiles(name).length > 0;

/** The packed file of a package. @param {string} name @throws where release/ does not hold one version of it */
export function packedFile(name) {
  const found = packedFiles(name);
  if (found.length !== 1) throw new Error(`Expected one ${name} in release/, but found: ${found.join(", ")}`);
  return join(release, found[0] ?? "");
}

/**
 * @param {object} options
 * @param {import("../platforms.js").Platform} options.platform
 * @param {readonly string[]} options.packages names, less their scope, of those beside tonescore
 * @param {readonly [string, ...string[]]} options.node the command that runs Node for the platform
 */
export function makeInstallation({ platform: { os, cpu, libc }, packages, node }) {
  const folder = mkdtempSync(join(tmpdir(), "tonescore-package-"));
  const installed = join(folder, "installed");
  const home = join(folder, "home");
  for (const made of [installed, home]) mkdirSync(made);
  symlinkSync(process.execPath, join(folder, "node"));

  /** @param {readonly string[]} args */
  const install = (args) => {
    const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    npm(["install", ...quiet, ...args], { cwd: installed, stdio: "inherit" });
  };

  // npm takes packages for another platform as optional ones only, which is what they are.
  const optional = packages.map(
    (name) => /** @type {const} */ ([`@tonescore/${name}`, `file:${packedFile(name)}`]),
  );
  const manifest = {
    dependencies: { tonescore: `file:${packedFile("tonescore")}` },
    optionalDependencies: Object.fromEntries(optional),
  };
  writeFileSync(join(installed, "package.json"), JSON.stringify(manifest));
  install([`--os=${os}`, `--cpu=${cpu}`, ...(libc ? [`--libc=${libc}`] : [])]);

  return {
    folder,
    installed,
    add: install,
    /** Runs Node there, with no other program on the PATH. @param {readonly string[]} args @param {NodeJS.ProcessEnv} [environment] */
    node: (args, environment = {}) =>
      execFileSync(node[0], [...node.slice(1), ...args], {
        cwd: installed,
        env: { PATH: folder, HOME: home, ...environment },
        encoding: "utf8",
        stdio: ["ignore", "pipe", "inherit"],
      }),
    /** Bytes of what is installed there. @param {RegExp} chosen files, by their path in node_modules */
    bytes: (chosen) =>
      readdirSync(join(installed, "node_modules"), { recursive: true, encoding: "utf8" })
        .filter((file) => chosen.test(file.replaceAll("\\", "/")))
        .map((file) => lstatSync(join(installed, "node_modules", file)))
        .reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0),
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
