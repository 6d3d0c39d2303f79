import { expect } from "chai";
import { agreementsOf } from "../../src/evaluate/agreement.js";
import { estimate, resamplesOf } from "../../src/stats/bootstrap.js";
import { scipy } from "../reference/scipy/scipy.js";

const ratings = scipy.curves[1];
if (!ratings) throw new Error("no ratings");
const { scores, mos } = ratings;
const series = (name: string, values: readonly number[]) => ({ name, scores: values, calibrated: false });

describe("bootstrap", () => {
  it("draws the same rows for the same seed, and others for another", () => {
    const drawn = (seed: number) => [...resamplesOf(20, { resamples: 3, seed })];
    expect(drawn(1)).to.deep.equal(drawn(1));
    expect(drawn(1)).not.to.deep.equal(drawn(2));
    const [rows = new Int32Array()] = drawn(1);
    expect(new Set(rows).size).to.be.within(8, 19);
  });

  it("gives an interval near Fisher's for Pearson's correlation", () => {
    const { agreements } = agreementsOf([series("a", scores)], mos, { resamples: 1000, seed: 1 });
    const { value, low = NaN, high = NaN } = agreements[0]?.metrics?.plcc ?? { value: NaN };
    const half = 1.96 / Math.sqrt(scores.length - 3);
    expect(low).to.be.closeTo(Math.tanh(Math.atanh(value) - half), 0.03);
    expect(high).to.be.closeTo(Math.tanh(Math.atanh(value) + half), 0.03);
  });

  it("pairs the resamples of two series", () => {
    const blurred = scores.map((score, index) => score + (index % 7) / 500);
    const { comparisons } = agreementsOf([series("a", scores), series("b", blurred)], mos, {
      resamples: 300,
      seed: 1,
    });
    const { low = NaN, high = NaN } = comparisons[0]?.srcc ?? { value: NaN };
    expect(comparisons).to.have.length(1);
    // Unpaired, it would be as wide as that of a single correlation, some 0.1.
    expect(high - low).to.be.within(0, 0.02);
    const [same] = agreementsOf([series("a", scores), series("b", scores)], mos, {
      resamples: 50,
      seed: 1,
    }).comparisons;
    expect(same?.plcc).to.deep.equal({ value: 0, low: 0, high: 0 });
  });

  it("says why a series has no metrics, and leaves the others theirs", () => {
    const { agreements, comparisons } = agreementsOf(
      [
        series(
          "flat",
          mos.map(() => 0.5),
        ),
        series("a", scores),
      ],
      mos,
      { resamples: 0, seed: 1 },
    );
    expect(agreements[0]).to.deep.include({
      n: mos.length,
      reason: "All scores are 0.5, and a constant correlates with nothing.",
    });
    expect(agreements[0]).not.to.have.property("metrics");
    expect(agreements[1]?.metrics?.srcc).to.have.all.keys("value");
    expect(comparisons).to.deep.equal([]);
  });

  it("leaves out resamples that have no value", () => {
    expect(estimate(0.5, [NaN, 0.4, 0.4])).to.deep.equal({ value: 0.5, low: 0.4, high: 0.4 });
    expect(estimate(0.5, [NaN])).to.deep.equal({ value: 0.5 });
  });
});
