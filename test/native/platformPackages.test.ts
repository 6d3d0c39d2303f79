import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { optionalPackages, platforms } from "../../scripts/package/platforms.js";
import { installedPackages, packagesFor } from "../../src/native/platformPackages.js";

describe("platform packages", () => {
  it("are those that a release makes, each for its platform", () => {
    for (const [name, { os, cpu }] of Object.entries(platforms)) {
      expect(packagesFor(os, cpu)).to.include(`@tonescore/${name}`);
      expect(optionalPackages).to.include(`@tonescore/${name}`);
    }
  });

  it("are no others: one for each C library on Linux", () => {
    expect(packagesFor("linux", "x64")).to.have.members([
      "@tonescore/linux-x64-gnu",
      "@tonescore/linux-x64-musl",
    ]);
    expect(packagesFor("darwin", "arm64")).to.deep.equal(["@tonescore/darwin-arm64"]);
    expect(packagesFor("linux", "arm")).to.deep.equal([]);
    expect(packagesFor("aix", "ppc64")).to.deep.equal([]);
  });

  it("have names and files spelled out alike, for bundlers", async () => {
    const text = await readFile(new URL("../../src/native/platformPackages.ts", import.meta.url), "utf8");
    const pairs = [...text.matchAll(/"(@tonescore\/[\w-]+)": \(\) => require\.resolve\("(.+)"\)/g)];
    expect(pairs.map(([, name]) => name)).to.have.members(
      Object.keys(platforms).map((name) => `@tonescore/${name}`),
    );
    for (const [, name = "", file] of pairs) expect(file).to.equal(`${name}/tonescore.node`);
  });

  it("are not installed in a clone", () => {
    expect(installedPackages()).to.deep.equal([]);
  });
});
