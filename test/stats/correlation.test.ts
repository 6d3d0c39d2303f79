import { expect } from "chai";
import { krcc, plcc, srcc } from "../../src/stats/correlation.js";
import { scipy } from "../reference/scipy/scipy.js";

describe("correlations", () => {
  for (const { name, scores, mos, ...expected } of scipy.correlations) {
    it(`are SciPy's: ${name}`, () => {
      expect(srcc(scores, mos)).to.be.closeTo(expected.srcc, 1e-9);
      expect(krcc(scores, mos)).to.be.closeTo(expected.krcc, 1e-9);
      expect(plcc(scores, mos)).to.be.closeTo(expected.plcc, 1e-9);
    });
  }

  const refused: [string, number[], number[], string, RegExp][] = [
    ["two rows", [0, 1], [1, 2], "ERR_NO_CORRELATION", /at least 3 rows, and there are 2/],
    ["no row", [], [], "ERR_NO_CORRELATION", /there are 0/],
    ["constant scores", [0.5, 0.5, 0.5], [1, 2, 3], "ERR_NO_CORRELATION", /All scores are 0\.5/],
    ["constant MOS", [1, 2, 3], [4, 4, 4], "ERR_NO_CORRELATION", /All MOS values are 4/],
    ["unequal lengths", [1, 2, 3], [1, 2], "ERR_INVALID_ARGUMENT", /as many MOS values as scores \(3\).*2/],
    ["NaN", [1, NaN, 3], [1, 2, 3], "ERR_INVALID_ARGUMENT", /finite.*NaN/],
  ];
  for (const [what, scores, mos, code, message] of refused) {
    it(`say why there is none: ${what}`, () => {
      for (const correlate of [srcc, krcc, plcc]) {
        expect(() => correlate(scores, mos))
          .to.throw(message)
          .with.property("code", code);
      }
    });
  }
});
