import { expect } from "chai";
import { planSteps, readSequences } from "../../src/scoring/sequences.js";

describe("planSteps", () => {
  it("needs one step for words of one token", () => {
    expect(planSteps([[5], [7], [9]])).to.deep.equal([{ tokens: [], targets: [5, 7, 9] }]);
  });

  it("shares the steps of words that begin alike", () => {
    expect(planSteps([[5], [6, 1], [6, 2], [6, 2, 3]])).to.deep.equal([
      { tokens: [], targets: [5, 6] },
      { tokens: [6], targets: [1, 2] },
      { tokens: [6, 2], targets: [3] },
    ]);
  });
});

describe("readSequences", () => {
  it("keeps the raw logits of words of one token", () => {
    const words = [[5], [7]];
    const read = readSequences(words, planSteps(words), [[1.5, -2]], [4]);
    expect(read).to.deep.equal({ logits: Float64Array.of(1.5, -2), logSumExp: 4 });
  });

  it("adds the log-probabilities of a word's tokens", () => {
    const words = [[5], [6, 1], [6, 2]];
    const log = Math.log;
    const logits = [
      [log(0.5) + 3, log(0.4) + 3],
      [log(0.25) - 1, log(0.75) - 1],
    ];
    const read = readSequences(words, planSteps(words), logits, [3, -1]);
    expect(read.logSumExp).to.equal(0);
    const probabilities = [...read.logits].map(Math.exp);
    for (const [index, expected] of [0.5, 0.1, 0.3].entries())
      expect(probabilities[index]).to.be.closeTo(expected, 1e-12);
  });

  it("refuses a plan that leaves a token out", () => {
    expect(() => readSequences([[5, 6]], planSteps([[5]]), [[1]], [2])).to.throw(
      "Expected a step that reads token 1 of the word 5 6",
    );
  });
});
