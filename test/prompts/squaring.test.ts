import { expect } from "chai";
import { squaringOf } from "../../src/prompts/squaring.js";

describe("how a preset's pictures become squares", () => {
  const family = { squarePad: [122, 116, 104] as const };

  it("is the family's way where it says nothing", () => {
    expect(squaringOf({ picture: {} }, family)).to.deep.equal(family);
    expect(squaringOf({ picture: {} })).to.deep.equal({});
  });

  it("is what it says otherwise", () => {
    expect(squaringOf({ picture: { squarePad: [0, 0, 0] } }, family)).to.deep.equal({ squarePad: [0, 0, 0] });
    expect(squaringOf({ picture: { squarePad: false } }, family)).to.deep.equal({});
    expect(squaringOf({ picture: { centreCut: true } }, family)).to.deep.equal({ centreCut: true });
    expect(squaringOf({ picture: { squarePad: [1, 2, 3] } })).to.deep.equal({ squarePad: [1, 2, 3] });
  });
});
