import { expect } from "chai";
import { applyMap, crossValidate, fitMap } from "../../../src/evaluate/calibration/map.js";
import { isotonic, onLine } from "../../../src/stats/isotonic.js";
import { scipy } from "../../reference/scipy/scipy.js";

const ratings = scipy.curves[1];
if (!ratings) throw new Error("no ratings");
const rows = ratings.scores.map((score, index) => ({
  path: `${index}.jpg`,
  score,
  mos: ratings.mos[index] ?? NaN,
}));

describe("calibration maps", () => {
  it("are SciPy's isotonic regression", () => {
    const { values, fitted } = scipy.isotonic;
    const points = isotonic([...values.keys()], values);
    for (const [score, value] of fitted.entries()) expect(onLine(points, score)).to.be.closeTo(value, 1e-9);
  });

  it("give equal scores one value, and level off beyond the points", () => {
    const points = isotonic([0.2, 0.2, 0.8], [1, 3, 4]);
    expect(points).to.deep.equal([
      [0.2, 2],
      [0.8, 4],
    ]);
    expect([0, 0.2, 0.5, 1].map((score) => onLine(points, score))).to.deep.equal([2, 2, 3, 4]);
  });

  for (const method of ["logistic", "isotonic"] as const) {
    it(`never fall, and come near the MOS: ${method}`, () => {
      const map = fitMap(method, rows);
      const line = Array.from({ length: 101 }, (_, index) => applyMap(map, index / 100));
      for (const [index, value] of line.entries()) expect(value).to.be.at.least(line[index - 1] ?? -Infinity);
      const held = crossValidate(method, rows, { folds: 5, seed: 1 });
      expect(held.rmse).to.be.within(0.55, 0.75); // the noise put in is 0.6
      expect(held).to.include({ folds: 5, seed: 1, n: rows.length });
      expect(held.mae).to.be.below(held.rmse);
    });
  }

  it("are measured on files they were not fitted to", () => {
    // Every score and MOS is its own: a map that has seen a file would give it its MOS.
    const noise = rows.map((row, index) => ({ ...row, mos: ((index * 7919) % 200) / 40 + row.score * 3 }));
    const fitted = fitMap("isotonic", noise);
    const spread = (errors: number[]) =>
      Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
    const seen = spread(noise.map(({ score, mos }) => applyMap(fitted, score) - mos));
    expect(crossValidate("isotonic", noise, { folds: 5, seed: 1 }).rmse).to.be.above(seen);
  });

  it("take twenty files, whatever the folds leave of them, and count files rather than rows", () => {
    const few = rows.filter((_, index) => index % 5 === 0).slice(0, 20);
    expect(few).to.have.length(20);
    expect(fitMap("logistic", few).method).to.equal("logistic");
    expect(crossValidate("logistic", few, { folds: 5, seed: 1 }).n).to.equal(20);
    const twice = [...few.slice(0, 10), ...few.slice(0, 10)];
    expect(() => fitMap("logistic", twice, ": half are missing")).to.throw(
      /there are 10: half are missing\./,
    );
  });

  it("refuse few files, and scores that fall", () => {
    expect(() => fitMap("logistic", rows.slice(0, 19)))
      .to.throw(/at least 20.*19/)
      .with.property("code", "ERR_CALIBRATION");
    const falling = rows.map((row) => ({ ...row, mos: -row.mos }));
    expect(() => fitMap("isotonic", falling))
      .to.throw(/fall.*--dmos/)
      .with.property("code", "ERR_CALIBRATION");
  });
});
