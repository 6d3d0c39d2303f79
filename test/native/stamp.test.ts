import { cp, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { expect } from "chai";
import { isForeignCache, removeForeignCache } from "../../native/cmakeCache.js";
import { hashOf, isUpToDate, removeStamp, writeStamp } from "../../native/stamp.js";
import { scratch } from "../media/helpers.js";

describe("what a build remembers", () => {
  const at = scratch();

  async function put(name: string, content = "x"): Promise<void> {
    await mkdir(dirname(at(name)), { recursive: true });
    await writeFile(at(name), content);
  }

  const hash = (folder = "a", settings: unknown = {}): string =>
    hashOf(at(folder), ["native", "one.js"], settings);

  beforeEach(async () => {
    await rm(at("a"), { recursive: true, force: true });
    await put("a/native/cmake/x.cmake");
    await put("a/one.js");
    await put("a/build/out/lib.so", "library");
  });

  it("is the same in a copied folder, and another for any other file, name, content or setting", async () => {
    const first = hash();
    await cp(at("a"), at("copy"), { recursive: true });
    expect(hash("copy")).to.equal(first);
    expect(hash("a", { cuda: true })).to.not.equal(first);
    await put("a/native/cmake/x.cmake", "y");
    expect(hash()).to.not.equal(first);
    await put("a/native/cmake/x.cmake");
    expect(hash()).to.equal(first);
    await rename(at("a/native/cmake/x.cmake"), at("a/native/x.cmake"));
    expect(hash()).to.not.equal(first);
  });

  it("counts for a build that was finished and whose output is whole", async () => {
    const [stamp, out] = [at("a/build/x.stamp"), at("a/build/out")];
    expect(isUpToDate(stamp, hash(), out)).to.equal(false);
    writeStamp(stamp, hash(), out);
    expect(isUpToDate(stamp, hash(), out)).to.equal(true);
    expect(isUpToDate(stamp, hash("a", 1), out)).to.equal(false);
    await put("a/build/out/lib.so", "cut");
    expect(isUpToDate(stamp, hash(), out)).to.equal(false);
    await rm(out, { recursive: true });
    expect(isUpToDate(stamp, hash(), out)).to.equal(false);
    await put("a/build/out/lib.so", "library");
    expect(isUpToDate(stamp, hash(), out)).to.equal(true);
    removeStamp(stamp);
    expect(isUpToDate(stamp, hash(), out)).to.equal(false);
  });

  it("tells a cache of CMake's that is another folder's", async () => {
    const cache = (folder: string, source: string): string =>
      `# x\nCMAKE_CACHEFILE_DIR:INTERNAL=${at(folder)}\nCMAKE_HOME_DIRECTORY:INTERNAL=${at(source)}\n`;
    await put("a/build/cmake/CMakeCache.txt", cache("a/build/cmake", "a/native"));
    const own = [at("a/build/cmake"), at("a/native")] as const;
    expect(isForeignCache(...own)).to.equal(false);
    await cp(at("a"), at("moved"), { recursive: true });
    expect(isForeignCache(at("moved/build/cmake"), at("moved/native"))).to.equal(true);
    expect(isForeignCache(at("a/build/cmake"), at("moved/native"))).to.equal(true);
    expect(isForeignCache(at("nothing"), at("a/native"))).to.equal(false);
    removeForeignCache(...own);
    expect(isForeignCache(...own)).to.equal(false);
    removeForeignCache(at("moved/build/cmake"), at("moved/native"));
    expect(isForeignCache(at("moved/build/cmake"), at("moved/native"))).to.equal(false);
  });
});
