import { expect } from "chai";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installInto, ownPackage as own, root, version } from "../installation.js";

const { platform, arch } = process;

describe("an installation", () => {
  let whole = "";
  let folder = "";

  before(() => {
    whole = mkdtempSync(join(tmpdir(), "tonescore-installed-"));
    installInto(join(whole, "node_modules"));
    symlinkSync(join(root, "node_modules", "sharp"), join(whole, "node_modules", "sharp"), "junction");
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tonescore-bad-"));
    cpSync(whole, folder, { recursive: true, verbatimSymlinks: true });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  after(() => {
    rmSync(whole, { recursive: true });
  });

  const at = (...path: string[]): string => join(folder, "node_modules", ...path);

  /** Scores a picture there. */
  function score(
    environment: NodeJS.ProcessEnv = process.env,
    file = "rider.jpg",
  ): { status: number | null; said: string } {
    const args = [at("tonescore", "dist", "cli", "main.js"), join(root, "examples", file), "-f", "csv"];
    const env = { ...environment, NODE_V8_COVERAGE: undefined };
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: folder,
      env,
      encoding: "utf8",
    });
    return { status, said: stdout + stderr };
  }

  function expectRefused(...messages: (string | RegExp)[]): void {
    const { status, said } = score();
    expect(status, said).to.equal(3);
    for (const message of messages)
      expect(said).to.match(message instanceof RegExp ? message : literal(message));
    expect(said.match(/\(ERR_\w+\)/g), said).to.have.length(1);
  }

  const literal = (text: string): RegExp => new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));

  it("scores where nothing is wrong, without a home folder and without a place for temporary files", () => {
    const { status, said } = score({
      PATH: process.env.PATH,
      TMPDIR: "/nowhere",
      SystemRoot: process.env.SystemRoot,
    });
    expect(status, said).to.equal(0);
    expect(said).to.match(/rider\.jpg,.*0\.9/);
  });

  it("that cannot be written to scores, and nothing is written to it", () => {
    const files = (): string[] =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => {
        const { size, mtimeMs } = lstatSync(join(folder, file));
        return `${file} ${size} ${mtimeMs}`;
      });
    chmodSync(at("tonescore"), 0o555);
    const before = files();
    expect(score().status).to.equal(0);
    expect(files()).to.deep.equal(before);
    chmodSync(at("tonescore"), 0o755);
  });

  it("without its optional dependency says which, and how it is left out", () => {
    rmSync(at(own), { recursive: true });
    expectRefused(`npm install ${own}@${version}`, "--omit=optional", "(ERR_NATIVE_LOAD)");
  });

  it("without sharp, or without its libraries, says what brings them", () => {
    rmSync(at("sharp"));
    expectRefused("Cannot find module 'sharp'", "npm install --include=optional sharp", "(ERR_NATIVE_LOAD)");
    mkdirSync(at("sharp"));
    const broken = `throw new Error("Could not load the sharp module\\nPossible solutions")`;
    writeFileSync(at("sharp", "package.json"), '{"name": "sharp", "exports": "./index.cjs"}');
    writeFileSync(at("sharp", "index.cjs"), broken);
    expectRefused("Tried: Could not load the sharp module\n", "npm install --include=optional sharp");
  });

  it("without an ffmpeg says what brings one, where a video needs it", () => {
    const { status, said } = score({ PATH: "/nowhere", SystemRoot: process.env.SystemRoot }, "clip.mp4");
    expect(status, said).to.equal(1);
    expect(said).to.include("ERR_FFMPEG_NOT_FOUND").and.include("apt install ffmpeg");
    if (platform !== "linux" || !["x64", "arm64"].includes(arch)) return;
    expect(said).to.include(`npm install @tonescore/ffmpeg-linux-${arch}@${version}`);
  });

  it("from another platform says so", () => {
    const other = own === "@tonescore/darwin-arm64" ? "@tonescore/win32-x64" : "@tonescore/darwin-arm64";
    renameSync(at(own), at(other));
    writeFileSync(at(other, "package.json"), JSON.stringify({ name: other, version }));
    expectRefused(`holds ${other}: delete it and run npm install here`);
  });

  it("of two versions says so", () => {
    writeFileSync(at(own, "package.json"), JSON.stringify({ name: own, version: "0.0.1" }));
    expectRefused(
      `${own} 0.0.1, which is not tonescore's version ${version}`,
      `npm install ${own}@${version}`,
    );
  });

  it("with an addon that is empty, another file, cut short, or beside a library that is, says what mends it", () => {
    const addon = at(own, "tonescore.node");
    const intact = join(root, "build", "Release", "tonescore.node");
    const mend = `install it anew, in case it is damaged: npm install --force ${own}@${version}`;
    writeFileSync(addon, "");
    expectRefused("tonescore.node", mend);
    writeFileSync(addon, "<!doctype html>".repeat(100));
    expectRefused("tonescore.node", mend);
    copyFileSync(intact, addon);
    truncateSync(addon, 1_000_000);
    expectRefused(platform === "linux" ? "tonescore.node is cut short" : "tonescore.node", mend);
    copyFileSync(intact, addon);
    if (platform !== "linux") return;
    const library = at(own, "libggml-base.so");
    truncateSync(library, 500_000);
    expectRefused("libggml-base.so is cut short", mend);
    rmSync(library);
    expectRefused("libggml-base.so", mend);
  });

  it("with a model that is cut short or gone says that it came with the package", () => {
    const model = at("tonescore", "models", "tonescore-3.gguf");
    truncateSync(model, 1_000_000);
    expectRefused(
      "2030144 bytes",
      "has 1000000",
      `npm install --force tonescore@${version}`,
      "(ERR_MODEL_INVALID)",
    );
    rmSync(model);
    expectRefused("tonescore-3.gguf", `npm install --force tonescore@${version}`);
  });
});
