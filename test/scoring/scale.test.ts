import { expect } from "chai";
import { parseScale, toScale } from "../../src/scoring/scale.js";

describe("scales", () => {
  it("map the worst and the best score to their ends", () => {
    expect([0, 0.5, 1].map((score) => toScale(score, parseScale("unit")))).to.deep.equal([0, 0.5, 1]);
    expect([0, 0.5, 1].map((score) => toScale(score, parseScale("percent")))).to.deep.equal([0, 50, 100]);
    expect([0, 0.5, 1].map((score) => toScale(score, parseScale("mos")))).to.deep.equal([1, 3, 5]);
  });

  it("are named in the error for an unknown one", () => {
    expect(() => parseScale("stars"))
      .to.throw('Expected one of unit, percent, mos for the scale but received "stars"')
      .with.property("code", "ERR_INVALID_ARGUMENT");
  });
});
