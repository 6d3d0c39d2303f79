import { expect } from "chai";
import { colourTreatment, NO_COLOUR } from "../../../src/media/colour/colour.js";
import { srgbFilters } from "../../../src/media/colour/toSrgb.js";

const size = { width: 64, height: 48 };

describe("srgbFilters", () => {
  it("is made of numbers and of names of its own, whatever the code points are", () => {
    const codes = [...Array(24).keys(), 255, 1e9, -1, NaN, Infinity, 0.5];
    const numbers = new Set<string>();
    for (const matrix of codes)
      for (const transfer of codes)
        for (const primaries of [1, 2, 9, 12, 23, 1e9, NaN]) {
          const filters = srgbFilters({ matrix, transfer, primaries }, size, size, matrix === 0);
          expect(filters).to.match(/^[a-z0-9_=:+.,;[\]]+$/);
          for (const [number] of filters.matchAll(/(?<=colorspace=|color_trc=|color_primaries=)[^:,]+/g))
            numbers.add(number);
        }
    const known = [0, 1, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 16, 18];
    expect([...numbers].map(Number).sort((a, b) => a - b)).to.deep.equal(known);
  });

  it("takes what nobody defined for what is not there", () => {
    for (const code of [3, 200, 1e9]) {
      const colour = { matrix: code, transfer: code, primaries: code };
      expect(srgbFilters(colour, size)).to.equal(srgbFilters(NO_COLOUR, size));
      expect(colourTreatment(colour)).to.deep.equal([]);
    }
  });

  it("leaves the size alone where none is asked for", () => {
    expect(srgbFilters(NO_COLOUR, size)).to.not.match(/[wh]=/);
    expect(srgbFilters({ ...NO_COLOUR, transfer: 16 }, size, { width: 9, height: 7 })).to.include("w=9:h=7");
  });
});
