import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadAddon, nativeAddon } from "../../src/native/load.js";
import { prepareGpu } from "../../src/native/gpu.js";

describe("loading the addon", () => {
  it("finds a CPU to run on", () => {
    expect(nativeAddon().llamaCpp).to.equal("v0.5.0");
    expect(nativeAddon().devices()).to.deep.include.members([
      { ...nativeAddon().devices()[0], name: "CPU", gpu: false },
    ]);
  });

  it("says what was tried and what to do when there is none, or it does not load", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tonescore-load-"));
    const broken = join(folder, "tonescore.node");
    expect(() => loadAddon(broken)).to.throw(/which is not there[\s\S]*npm run build:native/);
    await writeFile(broken, "not a library");
    expect(() => loadAddon(broken))
      .to.throw(
        /tonescore\.node: .*(invalid ELF header|file too short|not a mach-o|not a valid)[\s\S]*What to do/i,
      )
      .with.property("code", "ERR_NATIVE_LOAD");
    await rm(folder, { recursive: true });
  });

  it("runs on the CPU where no GPU package is installed, and says how to install one where it was asked for", () => {
    expect(prepareGpu(nativeAddon(), "off")).to.equal(false);
    expect(() => prepareGpu(nativeAddon(), "cuda")).to.throw(/npm install .*-cuda@\d+\.\d+\.\d+/);
  });
});
