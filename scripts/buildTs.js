// Compiles the library into dist/, where anything has changed: types by TypeScript, and JavaScript in a few files.
// Hundreds of small ones take longer to load than a picture to score.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { hashOf, isUpToDate, removeStamp, writeStamp } from "../native/stamp.js";
import { bundle } from "./bundle.js";
import { keepPublicTypes } from "./publicTypes.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const output = join(root, "dist");
const stamp = join(root, "build", "ts.stamp");
const compiler = "node_modules/typescript";

const hash = hashOf(
  root,
  [
    ...["src", "scripts", "tsconfig.json", "tsconfig.build.json", "package.json", "package-lock.json"],
    `${compiler}/package.json`,
  ],
  {},
);

if (!isUpToDate(stamp, hash, output)) {
  console.log("Compiling the library into dist/");
  removeStamp(stamp);
  rmSync(output, { recursive: true, force: true }); // what was moved in src/ would stay
  const tsc = join(root, compiler, "bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json")], { stdio: "inherit" });
  keepPublicTypes(output);
  await bundle(root, output);
  cpSync(join(root, "src/report/page/browser"), join(output, "report/page/browser"), {
    recursive: true,
    filter: (file) => !file.endsWith(".json"),
  });
  chmodSync(join(output, "cli/main.js"), 0o755);
  writeStamp(stamp, hash, output);
}
