import { expect } from "chai";
import { plcc } from "../../src/evaluate/correlation.js";
import { curveValue, fitCurves } from "../../src/evaluate/curves.js";
import { golden } from "./golden.js";

const rmse = (a: readonly number[], b: readonly number[]): number =>
  Math.sqrt(a.reduce((sum, value, index) => sum + (value - (b[index] ?? NaN)) ** 2, 0) / a.length);

describe("fitted curves", () => {
  for (const { name, scores, mos, ...expected } of golden.curves) {
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
});
