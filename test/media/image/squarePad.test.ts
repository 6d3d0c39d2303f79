import { expect } from "chai";
import { padToSquare } from "../../../src/media/image/squarePad.js";

describe("padToSquare", () => {
  const red = (width: number, height: number): Uint8Array =>
    Uint8Array.from({ length: width * height * 3 }, (_, i) => (i % 3 === 0 ? 255 : 0));

  it("puts the picture in the middle of the colour, and says so", () => {
    const padded = padToSquare(
      { width: 4, height: 1, data: red(4, 1), treatment: ["orientation"] },
      [1, 2, 3],
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
    expect(padToSquare(picture, [0, 0, 0])).to.equal(picture);
  });
});
