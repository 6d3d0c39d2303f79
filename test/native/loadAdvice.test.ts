import { expect } from "chai";
import { type LoadFailure, loadAdvice } from "../../src/native/loadAdvice.js";

describe("loadAdvice", () => {
  const failure: LoadFailure = {
    platform: "linux",
    arch: "x64",
    glibc: "2.36",
    isClone: false,
    isArchived: false,
    packageName: "@tonescore/linux-x64-gnu",
    installed: [{ name: "@tonescore/linux-x64-gnu", version: "1.2.3" }],
    version: "1.2.3",
    reason: "/app/tonescore.node: file too short",
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

  it("installs a damaged one anew", () => {
    expect(advice({})).to.equal(
      "  - install it anew, in case it is damaged: npm install --force @tonescore/linux-x64-gnu@1.2.3",
    );
    const musl = advice({
      glibc: undefined,
      packageName: "@tonescore/linux-x64-musl",
      installed: [{ name: "@tonescore/linux-x64-musl", version: "1.2.3" }],
    });
    expect(musl).to.include("--force @tonescore/linux-x64-musl@1.2.3");
  });

  it("says what a system with an older C library needs", () => {
    for (const version of ["GLIBC_2.34", "GLIBCXX_3.4.30"]) {
      const reason = `/lib/x86_64-linux-gnu/libc.so.6: version \`${version}' not found (required by /app/tonescore.node)`;
      expect(advice({ reason, glibc: "2.27" }))
        .to.include("glibc 2.28 or later")
        .and.include("has 2.27")
        .and.not.include("--force");
    }
  });

  it("blames the place where that is at fault, in a clone too", () => {
    const noexec = { reason: "/app/tonescore.node: failed to map segment from shared object" };
    const unreadable = { reason: "EACCES: permission denied, open '/app/tonescore.node'" };
    for (const isClone of [true, false]) {
      expect(advice({ isClone, ...noexec }))
        .to.include("(noexec)")
        .and.not.include("npm");
      expect(advice({ isClone, ...unreadable }))
        .to.include("chmod -R a+rX")
        .and.not.include("npm");
    }
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

  it("has the packer of an Electron app leave out what cannot lie in an archive", () => {
    for (const installed of [[], [{ name: "@tonescore/linux-x64-gnu", version: "1.2.3" }]])
      expect(advice({ isArchived: true, installed })).to.match(/^ {2}- have the app's packer leave [^\n]+$/);
  });

  it("offers no package where there is none: another architecture, another C library", () => {
    const other = advice({ arch: "riscv64", packageName: undefined, installed: [] });
    expect(other).to.include("no package for linux-riscv64 yet").and.not.include("npm install");
    const musl = advice({ arch: "arm64", glibc: undefined, packageName: undefined, installed: [] });
    expect(musl).to.include("linux-arm64 with musl").and.not.include("npm install");
  });
});
