import { expect } from "chai";
import { partsByPreset } from "../../src/results/partsByPreset.js";
import type { ErrorResult, ImageResult, RunHeader } from "../../src/results/result.js";
import { fakeHeader } from "../cli/fakes.js";

const identitiesOf = (name: string): RunHeader["presets"] => ({
  image: { ...fakeHeader.presets.image, name },
  video: { ...fakeHeader.presets.video, name },
});

const resultOf = (path: string, preset?: string): ImageResult => ({
  type: "image",
  input: { path, width: 8, height: 8, treatment: [] },
  ...(preset !== undefined && { preset }),
  ...{ scale: "unit", score: 0.5, tones: [], answerMass: 1, trusted: true, answers: [] },
});

const failed: ErrorResult = {
  type: "error",
  input: { path: "gone.png" },
  error: { code: "ERR_INPUT_NOT_FOUND", message: "Nothing is there." },
};

describe("partsByPreset", () => {
  it("gives each preset its results, what failed, and a header of its own", () => {
    const [sharp, noisy] = [resultOf("a.png", "sharpness"), resultOf("a.png", "noise")];
    const presets = identitiesOf("sharpness");
    const also = identitiesOf("noise");
    const header: RunHeader = { ...fakeHeader, presets, alsoPresets: [also] };
    expect(partsByPreset({ header, results: [sharp, noisy, failed] })).to.deep.equal([
      { header: { ...fakeHeader, presets }, results: [sharp, failed] },
      { header: { ...fakeHeader, presets: also }, results: [noisy, failed] },
    ]);
  });

  it("leaves the results of a single preset as they are, those of older files too", () => {
    const old = resultOf("a.png");
    const run = { header: fakeHeader, results: [old] };
    expect(partsByPreset(run)).to.deep.equal([run]);
    expect(partsByPreset({ header: undefined, results: [old] })).to.have.length(1);
  });
});
