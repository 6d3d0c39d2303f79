import { expect } from "chai";
import { buildSync } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathsFrom } from "../../examples/electron/src/main/arguments.js";
import { installInto, root } from "../installation.js";

const examples = join(root, "examples");

/** Scores what it is given, and tells what it tells the page. */
const PROGRAM = `
import { Scoring } from "./scoring.js";
const [, , stopAfter, ...paths] = process.argv;
const scoring = new Scoring((update) => {
  console.log(JSON.stringify(update));
  if (update.type === stopAfter) scoring.cancel();
});
await scoring.run(paths);
console.log(JSON.stringify({ pictures: [...scoring.pictures.values()] }));
process.exit();`;

interface Told {
  readonly type?: string;
  readonly row?: {
    readonly type: string;
    readonly name: string;
    readonly score: number;
    readonly attributes: readonly { readonly name: string; readonly value: number }[];
    readonly reasons: readonly string[];
  };
  readonly pictures?: readonly string[];
  readonly cancelled?: boolean;
  readonly message?: string;
}

describe("examples/electron", function () {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tonescore-desktop-"));
    installInto(join(folder, "node_modules"));
    symlinkSync(join(root, "node_modules", "sharp"), join(folder, "node_modules", "sharp"), "junction");
    buildSync({
      entryPoints: [join(examples, "electron", "src", "main", "scoring.ts")],
      outfile: join(folder, "scoring.js"),
      bundle: true,
      packages: "external",
      format: "esm",
      platform: "node",
    });
    writeFileSync(join(folder, "package.json"), '{"type": "module"}');
    writeFileSync(join(folder, "main.js"), PROGRAM);
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  function told(stopAfter: string, ...paths: string[]): Told[] {
    const args = [join(folder, "main.js"), stopAfter, ...paths];
    const env = { ...process.env, NODE_V8_COVERAGE: undefined };
    const { stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8", timeout: 50_000 });
    expect(stdout, stderr).to.not.equal("");
    return stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Told);
  }

  it("has a row with reasons for each input, and one for what cannot be scored", () => {
    const files = ["rider.jpg", "rider-noisy.jpg", "clip.mp4", "make.sh"].map((file) => join(examples, file));
    const updates = told("never", ...files);
    const rows = updates.flatMap(({ row }) => row ?? []);
    expect(rows.map(({ type, name }) => `${type} ${name}`)).to.deep.equal([
      ...["image rider.jpg", "image rider-noisy.jpg", "video clip.mp4", "error make.sh"],
    ]);
    const [clean, noisy] = rows;
    expect(clean?.score).to.be.within(0.75, 1);
    expect(clean?.attributes).to.have.length(6);
    expect(noisy?.reasons.join()).to.include("noise");
    expect(updates.at(-2)).to.deep.equal({ type: "ended", cancelled: false });
    expect(updates.at(-1)?.pictures).to.deep.equal(files.slice(0, 2));
  });

  it("ends where it is cancelled, and keeps what it has", () => {
    const updates = told("row", examples);
    expect(updates.filter(({ type }) => type === "row")).to.have.length.within(1, 3);
    expect(updates.at(-2)).to.deep.equal({ type: "ended", cancelled: true });
  });

  it("takes absolute paths from the page, and nothing else", () => {
    expect(pathsFrom([folder])).to.deep.equal([folder]);
    const wrong = [undefined, folder, ["a.jpg"], [folder, 1], [`${folder}\0.jpg`], [{}]];
    for (const value of [...wrong, Array<string>(10_001).fill(folder)])
      expect(() => pathsFrom(value)).to.throw(TypeError);
  });

  it("says what ends a run", () => {
    truncateSync(join(folder, "node_modules", "tonescore", "models", "tonescore-3.gguf"), 1000);
    const [failed] = told("never", join(examples, "rider.jpg"));
    expect(failed).to.include({ type: "failed" });
    expect(failed?.message).to.include("the bundled model's tonescore-3.gguf");
  });
});
