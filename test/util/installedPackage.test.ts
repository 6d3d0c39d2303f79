import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Prints what is found of a package, in one way and in the other. */
const program = `
  import { createRequire } from "node:module";
  import { findPackage, unlessInWorkingFolder } from ${JSON.stringify(fromRoot("src/util/installedPackage.ts"))};
  const resolved = createRequire(import.meta.url).resolve("@tonescore/planted/a.node");
  const found = findPackage("@tonescore/planted", "a.node")?.folder;
  console.log(JSON.stringify([found ?? null, unlessInWorkingFolder("@tonescore/planted", resolved) ?? null]));`;

describe("a package beside this one", () => {
  let folder = "";
  let planted = "";

  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "tonescore-planted-")));
    planted = join(folder, "modules", "@tonescore", "planted");
    mkdirSync(planted, { recursive: true });
    writeFileSync(join(planted, "package.json"), '{"version": "6.6.6"}');
    writeFileSync(join(planted, "a.node"), "");
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  function found(nodePath: string): unknown {
    const tsx = fromRoot("node_modules/tsx/dist/loader.mjs");
    const args = ["--import", tsx, "--input-type=module", "--eval", program];
    const env = { ...process.env, NODE_PATH: nodePath };
    return JSON.parse(execFileSync(process.execPath, args, { cwd: folder, env, encoding: "utf8" }));
  }

  it("is found where NODE_PATH names a folder", () => {
    expect(found(join(folder, "modules"))).to.deep.equal([planted, join(planted, "a.node")]);
  });

  it("is not looked for in the working directory, by whatever relative name", () => {
    for (const relative of ["modules", "./modules", "../planted-no-such:modules/."]) {
      expect(found(relative), relative).to.deep.equal([null, null]);
    }
  });

  it("is not taken from there wherever its manifest or a link in it leads", () => {
    const elsewhere = join(folder, "elsewhere", "a.node");
    mkdirSync(join(folder, "elsewhere"));
    writeFileSync(elsewhere, "");
    mkdirSync(join(planted, "deep", "er"), { recursive: true });
    writeFileSync(join(planted, "deep", "er", "a.node"), "");
    const manifest = { version: "6.6.6", exports: { "./a.node": "./deep/er/a.node" } };
    writeFileSync(join(planted, "package.json"), JSON.stringify(manifest));
    expect(found("modules")).to.deep.equal([null, null]);
    rmSync(join(planted, "deep", "er", "a.node"));
    symlinkSync(elsewhere, join(planted, "deep", "er", "a.node"));
    expect(found("modules")).to.deep.equal([null, null]);
  });
});
