// Programs by TypeScript, esbuild and webpack, with what docs/integrations.md says of each.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "./installation.js";
import { expectScore, imported, media, program, required } from "./scores.js";

/** @typedef {import("./installation.js").Installation} Installation */

const typed = `
  import { createScorer, type Scorer } from "tonescore";
  const scorer: Scorer = await createScorer();
  const score: number = (await scorer.scoreImage(${JSON.stringify(media[0])})).score;
  console.log(score);
  await scorer.close();
  export {};`;

/** Every declaration of the package is checked, and the program made. @param {Installation} installation */
export function tryTypeScript(installation) {
  const { installed } = installation;
  for (const [module, resolution] of [
    ["node16", "node16"],
    ["esnext", "bundler"],
  ]) {
    writeFileSync(join(installed, `${resolution}.mts`), typed);
    const types = ["--types", "node", "--typeRoots", join(root, "node_modules/@types")];
    const options = ["--strict", "--skipLibCheck", "false", "--target", "es2022", ...types];
    const resolving = ["--module", module ?? "", "--moduleResolution", resolution ?? ""];
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    execFileSync(process.execPath, [compiler, ...options, ...resolving, `${resolution}.mts`], {
      cwd: installed,
      stdio: "inherit",
    });
    expectScore(installation, `TypeScript, ${resolution}`, `${resolution}.mjs`);
  }
}

/** @param {Installation} installation */
export async function tryEsbuild(installation) {
  for (const [format, loading, end] of /** @type {const} */ ([
    ["esm", imported, "mjs"],
    ["cjs", required, "cjs"],
  ])) {
    const outfile = `esbuild.${end}`;
    await build({
      stdin: { contents: program(loading), resolveDir: installation.installed },
      absWorkingDir: installation.installed,
      outfile,
      bundle: true,
      platform: "node",
      format,
      external: ["tonescore"],
    });
    expectScore(installation, `esbuild, ${format}`, outfile);
  }
}

/** @param {Installation} installation @param {string} tools the folder that webpack is in */
export function tryWebpack(installation, tools) {
  const { folder, installed } = installation;
  writeFileSync(join(installed, "webpackEntry.cjs"), program(required));
  const config = {
    mode: "production",
    target: "node",
    context: installed,
    entry: "./webpackEntry.cjs",
    output: { path: installed, filename: "webpack.cjs" },
    externals: { tonescore: "commonjs tonescore" },
  };
  const file = join(folder, "webpack.config.cjs");
  writeFileSync(file, `module.exports = ${JSON.stringify(config)};`);
  const cli = join(tools, "node_modules/webpack/bin/webpack.js");
  execFileSync(process.execPath, [cli, "--config", file, "--stats", "errors-only"], {
    cwd: tools,
    stdio: "inherit",
  });
  expectScore(installation, "webpack", "webpack.cjs");
}
