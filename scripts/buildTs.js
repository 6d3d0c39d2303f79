// Compiles the library into dist/, where anything has changed.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { hashOf, isUpToDate, removeStamp, writeStamp } from "../native/stamp.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const output = join(root, "dist");
const stamp = join(root, "build", "ts.stamp");
const compiler = "node_modules/typescript";

/** Puts into a module what it imports of a package: what is used of it is a hundredth. @param {string} file */
function bundle(file) {
  buildSync({
    entryPoints: [file],
    outfile: file,
    allowOverwrite: true,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node20",
    define: { "process.env.NODE_ENV": '"production"' },
    legalComments: "inline",
  });
  rmSync(`${file}.map`);
}

const hash = hashOf(
  root,
  [
    ...["src", "scripts/buildTs.js", "tsconfig.json", "tsconfig.build.json", "package.json"],
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
  bundle(join(output, "report/plots/echarts.js"));
  for (const file of ["echarts/LICENSE", "echarts/NOTICE", "echarts/licenses", "zrender/LICENSE"])
    cpSync(join(root, "node_modules", file), join(output, "report/plots/licenses", file), {
      recursive: true,
    });
  cpSync(join(root, "src/report/page/browser"), join(output, "report/page/browser"), {
    recursive: true,
    filter: (file) => !file.endsWith(".json"),
  });
  chmodSync(join(output, "cli/main.js"), 0o755);
  writeStamp(stamp, hash, output);
}
