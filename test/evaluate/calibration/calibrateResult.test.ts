import { expect } from "chai";
import { calibrateResult } from "../../../src/evaluate/calibration/calibrateResult.js";
import type { Calibration } from "../../../src/evaluate/calibration/document.js";
import type { ImageResult } from "../../../src/results/result.js";
import { header, image } from "../../report/results.js";

const treatment = { name: "detail", crops: 2, side: 512, whole: 0.2 } as const;
const { image: preset } = header.presets;
const calibration = {
  ...{ type: "calibration", version: 1, tonescore: "0.1.0", scale: "MOS of a list" },
  map: {
    method: "isotonic",
    points: [
      [0, 1],
      [1, 5],
    ],
  },
  ...{ lowest: 1, highest: 5, model: header.model, mmproj: header.mmproj, views: treatment },
  preset: { name: preset.name, hash: preset.hash },
} as unknown as Calibration;

const { score, tones, answerMass, trusted } = image("a.jpg", 0.5);
const look = { score, tones, answerMass, trusted };
const crop = { left: 0, top: 0, width: 512, height: 512, answers: [], ...look };
const seen = image("a.jpg", 0.25, {
  views: { treatment, whole: look, crops: [crop, { ...crop, score: 0.75 }] },
});

describe("a calibrated result", () => {
  it("has what a picture was made of on its scale as well", () => {
    const result = calibrateResult(seen, { ...header, views: treatment }, calibration) as ImageResult;
    expect(result.score).to.equal(2);
    expect(result.views?.whole.score).to.equal(3);
    expect(result.views?.crops.map(({ score }) => score)).to.deep.equal([3, 4]);
    expect(seen.views?.whole.score).to.equal(0.5);
  });

  it("is an error where pictures were looked at otherwise than those that it was fitted to", () => {
    for (const views of [undefined, { ...treatment, whole: 0.5 }]) {
      const result = calibrateResult(seen, { ...header, ...(views && { views }) }, calibration);
      expect(result).to.have.nested.property("error.code", "ERR_CALIBRATION");
    }
  });
});
