// Compiles the library into dist/, where anything has changed: types by TypeScript, and JavaScript in a few files, with
// what is used of the packages that are JavaScript alone. Hundreds of small files take longer to load than a picture to
// score.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { hashOf, isUpToDate, removeStamp, writeStamp } from "../native/stamp.js";
import { copyLicences } from "./bundledLicences.js";
import { keepPublicTypes } from "./publicTypes.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const output = join(root, "dist");
const stamp = join(root, "build", "ts.stamp");
const compiler = "node_modules/typescript";

/** What is started, or imported, by its own path. */
const entries = [
  ...["index", "cli/main", "media/image/threadProgram", "cli/commands/doctor/probeProgram"],
  "native/isolated/engineProgram",
];

/** Shared chunks lie in dist/ itself, as src/places.ts asks. */
function bundle() {
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: entries.map((entry) => `src/${entry}.ts`),
    outdir: output,
    outbase: "src",
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    external: ["sharp", "@tonescore/*"],
    define: { "process.env.NODE_ENV": '"production"' },
    // Names stay, for whoever reads the stack of an error.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none", // all licences are copied
    // For the packages among them that are CommonJS.
    banner: {
      js: 'import{createRequire as createRequireHere}from"node:module";const require=createRequireHere(import.meta.url);',
    },
    metafile: true,
  });
  copyLicences(root, metafile, join(output, "licenses"));
}

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
  bundle();
  cpSync(join(root, "src/report/page/browser"), join(output, "report/page/browser"), {
    recursive: true,
    filter: (file) => !file.endsWith(".json"),
  });
  chmodSync(join(output, "cli/main.js"), 0o755);
  writeStamp(stamp, hash, output);
}
