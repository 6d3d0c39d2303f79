import { expect } from "chai";
import {
  resolveScorerOptions,
  resolveVideoOptions,
  type ScorerOptions,
  type VideoOptions,
} from "../../src/scorer/options.js";

describe("resolveScorerOptions", () => {
  it("fills in the defaults", () => {
    expect(resolveScorerOptions({ threads: 3 })).to.include({
      ...{ threads: 3, gpu: "auto", scale: "unit", trustThreshold: 0.5, maxPixels: 2 ** 26 },
      ...{ model: undefined, ffmpeg: undefined },
    });
  });

  for (const [options, expected] of [
    [{ threads: 0 }, "Expected a whole number from 1 to 512 for threads but received 0."],
    [{ modell: "x" }, 'There is no option "modell" (did you mean "model"?).'],
    [
      { imageMinTokens: 9, imageMaxTokens: 8 },
      "Expected at most imageMaxTokens (8) for imageMinTokens but received 9.",
    ],
  ] as const) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      expect(() => resolveScorerOptions(options as ScorerOptions))
        .to.throw(expected)
        .with.property("code", "ERR_INVALID_ARGUMENT");
    });
  }
});

describe("resolveVideoOptions", () => {
  it("reads the pooling, and leaves open which frames where nothing was said", () => {
    expect(resolveVideoOptions({})).to.deep.include({ pooling: { name: "logits" }, fps: undefined });
    expect(resolveVideoOptions({ pooling: "percentile:5" }).pooling).to.deep.equal({
      ...{ name: "percentile", percent: 5 },
    });
  });

  for (const options of [
    ...[
      { fps: 0 },
      { fps: NaN },
      { fps: -1 },
      { fps: 1001 },
      { frames: 0 },
      { frames: 1.5 },
      { frames: 501 },
    ],
    ...[{ every: 0 }, { fps: 1, frames: 8 }, { running: 0 }, { pooling: "median" }, { onFrame: 1 }],
  ]) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      expect(() => resolveVideoOptions(options as VideoOptions))
        .to.throw("Expected")
        .with.property("code", "ERR_INVALID_ARGUMENT");
    });
  }
});
