import { expect } from "chai";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryUsed } from "../../bench/memoryUsed.js";
import { photograph } from "../../bench/photograph.js";
import type { NativeNeed } from "../../src/native/addon.js";
import { squareProjectors } from "../../src/models/families/families.js";
import { nativeAddon } from "../../src/native/load.js";
import { COUNTED, gpuNeed, hostNeed, leastNeed, roughNeed } from "../../src/native/memoryNeed.js";
import { families, filesOf } from "./support.js";

/** Fewer than a photograph takes by itself, so that an encoder is done with it in a second. */
const TOKENS = 256;
const templates: Readonly<Record<string, string>> = { "llava-1.5": "vicuna" };

const usually = { sessions: 1, lowMemory: false, maxPixels: Infinity, squares: squareProjectors };

const measure = (family: string, lowMemory: boolean): Promise<NativeNeed> =>
  nativeAddon().measureNeed({
    ...filesOf(family),
    ...COUNTED,
    ...{ gpuLayers: 0, lowMemory, maxContext: 0, imageMinTokens: -1, imageMaxTokens: TOKENS },
  });

describe("memoryNeed", () => {
  const none = { weights: 0, cache: 0, compute: 0, encoder: 0, encoding: 0, visual: 0 };
  const some = { weights: 4e9, cache: 1e8, compute: 2e8, encoder: 1e9, encoding: 3e8, visual: 0 };

  it("counts weights once, and what a session computes in for each", () => {
    const need = { host: some, gpu: none, projector: "made up", tokens: 1, layers: 1 };
    const one = hostNeed(need, usually);
    expect(hostNeed(need, { ...usually, sessions: 3 }) - one).to.equal(2 * (1e8 + 2e8 + 3e8));
    expect(one).to.be.within(5.6e9, 5.8e9);
    expect(hostNeed({ ...need, host: none }, usually)).to.be.within(5e7, 2e8);
  });

  it("counts no more pixels than are in memory at once", () => {
    const need = { host: none, gpu: none, projector: "made up", tokens: 1, layers: 1 };
    expect(leastNeed(need, usually)).to.equal(36e6);
    expect(leastNeed(need, { ...usually, maxPixels: 1e6 })).to.equal(3e6);
    expect(leastNeed({ ...need, projector: "mlp" }, usually)).to.equal(36e6 + 48e6);
  });

  it("counts the larger of encoder and language model where memory is little", () => {
    const need = { host: none, gpu: some, projector: "made up", tokens: 1, layers: 1 };
    expect(gpuNeed(need, { ...usually, lowMemory: true })).to.equal(4.3e9);
    expect(gpuNeed(need, usually)).to.equal(5.6e9);
  });

  it("is rough where only the size of the files is known", () => {
    expect(roughNeed(4e9)).to.be.within(4e9, 5e9);
  });

  describe("against what a process then takes", () => {
    let folder: string;
    let picture: string;

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "tonescore-need-"));
      picture = join(folder, "photograph.jpg");
      await photograph(picture);
    });
    after(() => rm(folder, { recursive: true, force: true }));

    // /proc says what a process takes.
    for (const family of process.platform === "linux" ? families : []) {
      it(`is within a quarter of it for ${family}`, async () => {
        const estimated = hostNeed(await measure(family, false), usually);
        const template = templates[family];
        const { bytes: used } = await memoryUsed(
          {
            ...filesOf(family),
            ...{ imageMaxTokens: TOKENS, threads: 2, gpu: "off", views: "whole" },
            ...(template !== undefined && { template }),
          },
          picture,
        );
        expect(estimated / used, `${estimated} / ${used}`).to.be.within(0.75, 1.25);
      });
    }
  });

  it("is little for a picture of few tokens, and grows with them", async () => {
    const few = await nativeAddon().measureNeed({
      ...filesOf("qwen2.5-vl"),
      ...COUNTED,
      ...{ gpuLayers: 0, lowMemory: false, maxContext: 0, imageMinTokens: -1, imageMaxTokens: 64 },
    });
    const many = await measure("qwen2.5-vl", false);
    expect(few.tokens).to.be.at.most(66);
    expect(many.tokens).to.be.within(200, 258);
    expect(many.host.encoding).to.be.above(4 * few.host.encoding);
    expect(many.host.encoder).to.equal(few.host.encoder);
  });
});
