import { expect } from "chai";
import { pixelsOfSquare, toSquare } from "../../../src/media/image/square.js";

describe("toSquare", () => {
  const red = (width: number, height: number): Uint8Array =>
    Uint8Array.from({ length: width * height * 3 }, (_, i) => (i % 3 === 0 ? 255 : 0));

  it("puts the picture in the middle of the colour, and says so", () => {
    const padded = toSquare(
      { width: 4, height: 1, data: red(4, 1), treatment: ["orientation"] },
      { squarePad: [1, 2, 3] },
    );
    expect(padded).to.include({ width: 4, height: 4 });
    expect(padded.treatment).to.deep.equal(["orientation", "square-padded 1,2,3"]);
    const rows = [0, 1, 2, 3].map((row) => [...padded.data.subarray(row * 12, row * 12 + 3)]);
    expect(rows).to.deep.equal([
      [1, 2, 3],
      [255, 0, 0],
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  it("leaves a square as it is", () => {
    const picture = { width: 2, height: 2, data: red(2, 2), treatment: [] };
    expect(toSquare(picture, { squarePad: [0, 0, 0] })).to.equal(picture);
    expect(toSquare(picture, { centreCut: true })).to.equal(picture);
    expect(pixelsOfSquare(picture, { squarePad: [0, 0, 0] })).to.equal(0);
  });

  it("leaves a picture as it is where nothing is said", () => {
    const picture = { width: 3, height: 2, data: red(3, 2), treatment: [] };
    expect(toSquare(picture, {})).to.equal(picture);
    expect(pixelsOfSquare(picture, {})).to.equal(0);
  });

  it("cuts the middle out of wide and tall pictures, and says so", () => {
    const data = Uint8Array.from({ length: 30 }, (_, i) => Math.floor(i / 3));
    const wide = toSquare({ width: 5, height: 2, data, treatment: [] }, { centreCut: true });
    expect(wide).to.include({ width: 2, height: 2 });
    expect([...wide.data].filter((_, i) => i % 3 === 0)).to.deep.equal([1, 2, 6, 7]);
    expect(wide.treatment).to.deep.equal(["centre-cut 5x2→2x2"]);
    const tall = toSquare({ width: 2, height: 5, data, treatment: [] }, { centreCut: true });
    expect([...tall.data].filter((_, i) => i % 3 === 0)).to.deep.equal([2, 3, 4, 5]);
  });

  it("takes as many pixels as it says", () => {
    const picture = { width: 5, height: 2, data: red(5, 2), treatment: [] };
    for (const squaring of [{ centreCut: true as const }, { squarePad: [0, 0, 0] as const }]) {
      const { width, height, data } = toSquare(picture, squaring);
      expect(width * height).to.equal(pixelsOfSquare(picture, squaring));
      expect(data).to.have.length(3 * width * height);
    }
  });
});
