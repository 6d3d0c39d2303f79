// Programs of the registry that only these tests need, in one version each.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { npm } from "../npm.js";
import { packedFile, root } from "./installation.js";

const dependencies = {
  "@arethetypeswrong/cli": "0.18.5",
  webpack: "5.113.0",
  "webpack-cli": "7.3.1",
};

/** Installs them, once. @returns {string} the folder that they are in */
export function fetchTools() {
  const folder = join(root, "build", "package", "tools");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  npm(["install", ...quiet], { cwd: folder, stdio: "inherit" });
  return folder;
}

/** How the packed library looks to those who resolve it; it is ES modules alone. @param {string} tools */
export function checkExports(tools) {
  const packed = packedFile("tonescore");
  const run = (/** @type {string} */ program, /** @type {readonly string[]} */ args) =>
    execFileSync(process.execPath, [program, ...args], { stdio: "inherit" });
  run(join(tools, "node_modules/@arethetypeswrong/cli/dist/index.js"), [packed, "--profile", "esm-only"]);
  run(join(root, "node_modules/publint/src/cli.js"), ["run", packed, "--strict"]);
}
