import { expect } from "chai";
import { pixelsWithin } from "../../src/media/maxPixels.js";

const MIB = 2 ** 20;

describe("pixelsWithin", () => {
  it("fits into memory what decoding and scoring take, and leaves room for the process", () => {
    for (const memory of [128 * MIB, 256 * MIB, 512 * MIB]) {
      expect(9 * pixelsWithin(memory, false) + 90e6).to.be.within(memory - 9, memory);
      expect(13 * pixelsWithin(memory, true) + 115e6).to.be.within(memory - 13, memory);
    }
  });

  it("is never more than on a large machine, nor too little for a small picture", () => {
    expect(pixelsWithin(700e6, false)).to.equal(2 ** 26);
    expect(pixelsWithin(64e9, true)).to.equal(2 ** 26);
    expect(pixelsWithin(64 * MIB, false)).to.equal(2 ** 20);
  });
});
