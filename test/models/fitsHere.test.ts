import { expect } from "chai";
import { fitsHere } from "../../src/models/fitsHere.js";
import type { NativeAddon, NativeNeed, NeedOptions } from "../../src/native/addon.js";
import { filesOf } from "../native/support.js";

const on = (weights: number): NativeNeed["host"] => ({
  ...{ weights, cache: 0, compute: 0 },
  ...{ encoder: 0, encoding: 0, visual: 0 },
});

/** A model whose weights take 8 GB, and half of that where they stay in the file. */
const addon = {
  measureNeed: ({ lowMemory }: NeedOptions): Promise<NativeNeed> =>
    Promise.resolve({
      host: on(lowMemory ? 4e9 : 8e9),
      gpu: on(0),
      projector: "made up",
      tokens: 64,
      layers: 9,
    }),
} as unknown as NativeAddon;

describe("fitsHere", () => {
  const files = filesOf("smolvlm");

  it("measures what is here, and says with what it fits", async () => {
    const said = (free: number): Promise<string | undefined> => fitsHere({ files, bytes: 1e6 }, free, addon);
    expect(await said(9e9)).to.equal("yes");
    expect(await said(5e9)).to.equal("with --low-memory");
    expect(await said(3e9)).to.match(/^no: 8\.\d+ GB$/);
  });

  it("measures real files by the addon", async () => {
    expect(await fitsHere({ files, bytes: undefined }, 2e9)).to.equal("yes");
    expect(await fitsHere({ files, bytes: undefined }, 1e6)).to.match(/^no: [\d.]+ MB$/);
  });

  it("goes by the size of what is not here, or cannot be read", async () => {
    expect(await fitsHere({ files: undefined, bytes: 4e9 }, 5e9)).to.equal("yes");
    expect(await fitsHere({ files: undefined, bytes: 4e9 }, 4e9)).to.match(/^no: 4\.\d+ GB$/);
    const damaged = { model: "nowhere.gguf", mmproj: "nowhere.mmproj.gguf" };
    expect(await fitsHere({ files: damaged, bytes: 4e9 }, 5e9)).to.equal("yes");
  });

  it("says nothing where nobody knows the size", async () => {
    expect(await fitsHere({ files: undefined, bytes: undefined }, 5e9)).to.equal(undefined);
  });
});
