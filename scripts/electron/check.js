// Holds examples/electron to Electron's types, which its npm package has beside what downloads its binary.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const types = join(root, "build", "electron");

if (!existsSync(join(types, "node_modules", "electron", "electron.d.ts"))) {
  mkdirSync(types, { recursive: true });
  for (const file of ["package.json", "package-lock.json"]) copyFileSync(join(here, file), join(types, file));
  const options = ["--ignore-scripts", "--no-audit", "--no-fund"];
  execFileSync("npm", ["ci", ...options], { cwd: types, stdio: "inherit" });
}

/** @param {string} script @param {readonly string[]} args */
const run = (script, args) => {
  execFileSync(process.execPath, [join(root, "node_modules", script), ...args], {
    cwd: root,
    stdio: "inherit",
  });
};
run("typescript/bin/tsc", ["-p", "scripts/electron"]);
run("typescript/bin/tsc", ["--noEmit", "-p", "examples/electron/src/page"]);
run("eslint/bin/eslint.js", ["--config", "scripts/electron/eslint.config.js", "examples/electron/src"]);
