import { expect } from "chai";
import { faultsOf } from "../../scripts/package/check.js";

describe("the check of libraries that are published", () => {
  /** As `readelf -d -V --wide` prints it. */
  const described = (changed: Record<string, string> = {}): string => {
    const {
      needed = "libm.so.6",
      name = "libtonescore-ggml-base.so",
      path = "$ORIGIN",
      glibc = "2.27",
    } = changed;
    return [
      ` 0x000000000000001d (RUNPATH)            Library runpath: [${path}]`,
      ` 0x0000000000000001 (NEEDED)             Shared library: [${needed}]`,
      " 0x0000000000000001 (NEEDED)             Shared library: [libc.so.6]",
      ` 0x000000000000000e (SONAME)             Library soname: [${name}]`,
      `  0x0020:   Name: GLIBC_${glibc}  Flags: none  Version: 4`,
      "  0x0030:   Name: GLIBC_2.2.5  Flags: none  Version: 3",
    ].join("\n");
  };

  it("passes one that needs only an old glibc and what lies beside it", () => {
    expect(faultsOf(described(), "glibc")).to.deep.equal([]);
    expect(faultsOf(described({ glibc: "2.28" }), "glibc")).to.deep.equal([]);
  });

  it("finds what would not load on an older system", () => {
    expect(faultsOf(described({ glibc: "2.34" }), "glibc")).to.deep.equal(["it needs glibc 2.34"]);
    expect(faultsOf(described({ glibc: "3.0" }), "glibc")).to.deep.equal(["it needs glibc 3.0"]);
    expect(faultsOf(described({ needed: "libstdc++.so.6" }), "glibc")).to.deep.equal([
      "it needs libstdc++.so.6",
    ]);
  });

  it("holds what is for musl to musl's one library", () => {
    const own = described().replaceAll(/.*lib[cm]\.so\.6.*\n/g, "");
    expect(faultsOf(own.replace("GLIBC", ""), "musl")).to.deep.equal([]);
    expect(faultsOf(described(), "musl")).to.include("it needs libc.so.6");
  });

  it("finds a search path that is not the library's own folder", () => {
    for (const path of ["", "$ORIGIN:", "/home/builder/lib"]) {
      expect(faultsOf(described({ path }), "glibc").join()).to.include(`in "${path}"`);
    }
  });

  it("finds names that another llama.cpp in the process has too", () => {
    for (const name of ["libggml-base.so", "libggml.so", "libllama.so", "libggml-base.so.0"]) {
      expect(faultsOf(described({ name }), "glibc").join()).to.include(name);
    }
  });
});
