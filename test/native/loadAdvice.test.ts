import { expect } from "chai";
import { type LoadFailure, loadAdvice } from "../../src/native/loadAdvice.js";

describe("loadAdvice", () => {
  const failure: LoadFailure = {
    platform: "linux",
    arch: "x64",
    glibc: "2.36",
    isClone: false,
    packageName: "@tonescore/linux-x64-gnu",
    installed: [{ name: "@tonescore/linux-x64-gnu", version: "1.2.3" }],
    version: "1.2.3",
  };
  const advice = (changed: Partial<LoadFailure>): string => loadAdvice({ ...failure, ...changed }).join("\n");

  it("has a clone build the addon", () => {
    expect(advice({ isClone: true })).to.match(/npm run build:native\n.*--from-source/);
  });

  it("installs the package that was left out, in the version that fits", () => {
    expect(advice({ installed: [] }))
      .to.include("npm install @tonescore/linux-x64-gnu@1.2.3")
      .and.include("--omit=optional");
  });

  it("says what an installed one needs where it does not load", () => {
    expect(advice({}))
      .to.include("glibc 2.28")
      .and.include("npm install --force @tonescore/linux-x64-gnu@1.2.3");
    const musl = advice({
      glibc: undefined,
      packageName: "@tonescore/linux-x64-musl",
      installed: [{ name: "@tonescore/linux-x64-musl", version: "1.2.3" }],
    });
    expect(musl).to.include("--force @tonescore/linux-x64-musl@1.2.3").and.not.include("glibc");
  });

  it("names the packages of the platform that node_modules came from", () => {
    const copied = advice({ arch: "arm64", packageName: "@tonescore/linux-arm64-gnu" });
    expect(copied)
      .to.match(/another platform.* holds @tonescore\/linux-x64-gnu: delete it and run npm install/)
      .and.include("npm install --no-save @tonescore/linux-arm64-gnu@1.2.3");
  });

  it("has two versions made one", () => {
    const older = advice({ installed: [{ name: "@tonescore/linux-x64-gnu", version: "1.2.2" }] });
    expect(older).to.include("in one version: npm install @tonescore/linux-x64-gnu@1.2.3");
  });

  it("offers no package where there is none: another architecture, another C library", () => {
    const other = advice({ arch: "riscv64", packageName: undefined, installed: [] });
    expect(other).to.include("no package for linux-riscv64 yet").and.not.include("npm install");
    const musl = advice({ arch: "arm64", glibc: undefined, packageName: undefined, installed: [] });
    expect(musl).to.include("linux-arm64 with musl").and.not.include("npm install");
  });
});
