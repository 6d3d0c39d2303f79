import { expect } from "chai";
import { plcc } from "../../src/stats/correlation.js";
import { curveValue, fitCurves, isMonotone } from "../../src/stats/curves.js";
import { scipy } from "../reference/scipy/scipy.js";

const rmse = (a: readonly number[], b: readonly number[]): number =>
  Math.sqrt(a.reduce((sum, value, index) => sum + (value - (b[index] ?? NaN)) ** 2, 0) / a.length);

describe("fitted curves", () => {
  for (const { name, scores, mos, ...expected } of scipy.curves) {
    it(`agree with MOS as SciPy's do: ${name}`, () => {
      const curves = fitCurves(scores, mos);
      expect(curves.map((curve) => curve.name)).to.deep.equal(["logistic4", "logistic5"]);
      for (const curve of curves) {
        const fitted = scores.map((score) => curveValue(curve, score));
        expect(plcc(fitted, mos)).to.be.closeTo(expected[curve.name].plcc, 1e-9);
        expect(rmse(fitted, mos)).to.be.closeTo(expected[curve.name].rmse, 1e-9);
      }
    });
  }

  it("find the parameters of a curve without noise", () => {
    const truth = { name: "logistic4", parameters: [4.5, 1.2, 0.55, 0.08] } as const;
    const scores = Array.from({ length: 40 }, (_, index) => index / 39);
    const mos = scores.map((score) => curveValue(truth, score));
    const [four] = fitCurves(scores, mos);
    for (const [index, parameter] of truth.parameters.entries()) {
      expect(four?.parameters[index]).to.be.closeTo(parameter, 1e-6);
    }
  });

  it("fall where the MOS do", () => {
    const scores = [0.1, 0.3, 0.4, 0.6, 0.7, 0.9];
    const [four] = fitCurves(scores, [5, 4.8, 4, 2, 1.4, 1]);
    if (!four) throw new Error("no curve");
    expect(curveValue(four, 0.1)).to.be.above(curveValue(four, 0.9));
  });

  it("need more rows than parameters", () => {
    expect(fitCurves([0.1, 0.2, 0.3, 0.4], [1, 2, 3, 4])).to.deep.equal([]);
    expect(fitCurves([0.1, 0.2, 0.3, 0.4, 0.6], [1, 2, 3, 4, 4.5])).to.have.length(1);
  });

  it("are told apart by whether they turn between the least and the highest score", () => {
    const bent = scipy.curves.find(({ name }) => name === "steep");
    if (!bent) throw new Error("no curve");
    const [four, five] = fitCurves(bent.scores, bent.mos);
    if (!four || !five) throw new Error("no curves");
    const [from, to] = [Math.min(...bent.scores), Math.max(...bent.scores)];
    expect([isMonotone(four, from, to), isMonotone(five, from, to)]).to.deep.equal([true, false]);
    const values = Array.from({ length: 1001 }, (_, step) =>
      curveValue(five, from + ((to - from) * step) / 1000),
    );
    const steps = values.slice(1).map((value, index) => Math.sign(value - (values[index] ?? NaN)));
    expect(new Set(steps).size).to.be.above(1);
  });

  it("that turn outside of the scores are monotone", () => {
    // Rises with the logistic around 0.5, and falls with the slope beyond.
    const curve = { name: "logistic5", parameters: [4, 10, 0.5, -1, 3] } as const;
    expect(isMonotone(curve, 0.4, 0.6)).to.equal(true);
    expect(isMonotone(curve, 0, 0.6)).to.equal(false);
    expect(isMonotone(curve, 0.4, 1)).to.equal(false);
    expect(isMonotone(curve, 0.9, 1)).to.equal(true);
    expect(isMonotone({ name: "logistic5", parameters: [4, 10, 0.5, 1, 3] }, 0, 1)).to.equal(true);
    expect(isMonotone({ name: "logistic4", parameters: [NaN, 1, 1, 1] }, 0, 1)).to.equal(false);
  });
});
