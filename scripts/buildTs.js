// Compiles the library into dist/, where anything has changed.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { hashOf, isUpToDate, removeStamp, writeStamp } from "../native/stamp.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const output = join(root, "dist");
const stamp = join(root, "build", "ts.stamp");
const compiler = "node_modules/typescript";
const hash = hashOf(
  root,
  [...["src", "scripts", "tsconfig.json", "tsconfig.build.json", "package.json"], `${compiler}/package.json`],
  {},
);

if (!isUpToDate(stamp, hash, output)) {
  console.log("Compiling the library into dist/");
  removeStamp(stamp);
  const tsc = join(root, compiler, "bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json")], { stdio: "inherit" });
  cpSync(join(root, "src/report/page"), join(output, "report/page"), {
    recursive: true,
    filter: (file) => !file.endsWith(".json"),
  });
  chmodSync(join(output, "cli/main.js"), 0o755);
  writeStamp(stamp, hash, output);
}
