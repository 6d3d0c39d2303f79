import { expect } from "chai";
import { type LoadFailure, loadAdvice } from "../../src/native/loadAdvice.js";

describe("loadAdvice", () => {
  const failure: LoadFailure = {
    platform: "linux",
    arch: "x64",
    glibc: "2.36",
    isClone: false,
    packageName: "@tonescore/linux-x64-gnu",
    isInstalled: true,
    version: "1.2.3",
  };
  const advice = (changed: Partial<LoadFailure>): string => loadAdvice({ ...failure, ...changed }).join("\n");

  it("has a clone build the addon", () => {
    expect(advice({ isClone: true })).to.match(/npm run build:native\n.*--from-source/);
  });

  it("installs the package that was left out, in the version that fits", () => {
    expect(advice({ isInstalled: false }))
      .to.include("npm install @tonescore/linux-x64-gnu@1.2.3")
      .and.include("--omit=optional");
  });

  it("says what an installed one needs where it does not load", () => {
    expect(advice({}))
      .to.include("glibc 2.28")
      .and.include("npm install --force @tonescore/linux-x64-gnu@1.2.3");
  });

  it("offers no package where there is none: another architecture, another C library", () => {
    const arm = advice({ arch: "arm64", packageName: undefined, isInstalled: false });
    expect(arm).to.include("no package for linux-arm64").and.not.include("npm install");
    const musl = advice({ glibc: undefined, isInstalled: false });
    expect(musl).to.include("musl").and.not.include("npm install");
  });
});
