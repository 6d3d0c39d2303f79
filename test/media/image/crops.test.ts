import { expect } from "chai";
import { chooseCrops, cut, mostCrops, type Place } from "../../../src/media/image/crops.js";
import type { RgbImage } from "../../../src/media/picture.js";

const cropping = { crops: 3, side: 8 };

/** Black, with a checkerboard of this strength wherever `strength` gives one. */
function picture(width: number, height: number, strength: (x: number, y: number) => number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data.fill((x + y) % 2 === 0 ? strength(x, y) : 0, 3 * (y * width + x), 3 * (y * width + x + 1));
    }
  }
  return { width, height, data };
}
const flat = (width: number, height: number): RgbImage => picture(width, height, () => 0);
const within = ({ width, height }: RgbImage, { left, top, ...crop }: Place): boolean =>
  left >= 0 && top >= 0 && left + crop.width <= width && top + crop.height <= height;

describe("crops", () => {
  it("are none of a picture that is no larger than one", () => {
    for (const [width, height] of [
      [8, 8],
      [8, 5],
      [1, 1],
    ] as const) {
      expect(mostCrops({ width, height }, cropping)).to.equal(0);
      expect(chooseCrops(flat(width, height), cropping)).to.deep.equal([]);
    }
    expect(chooseCrops(flat(40, 40), { ...cropping, crops: 0 })).to.deep.equal([]);
  });

  it("lie where most detail is, the most detailed first", () => {
    const detailed = picture(32, 24, (x, y) => (x >= 24 && y >= 16 ? 200 : x < 8 && y < 8 ? 100 : 0));
    expect(chooseCrops(detailed, { ...cropping, crops: 2 })).to.deep.equal([
      { left: 24, top: 16, width: 8, height: 8 },
      { left: 0, top: 0, width: 8, height: 8 },
    ]);
  });

  it("are never more than asked for, inside the picture, and share no more than half with one another", () => {
    for (const [width, height] of [
      [9, 8],
      [10, 7],
      [12, 12],
      [16, 16],
      [17, 40],
      [200, 3],
      [3, 200],
    ] as const) {
      const image = picture(width, height, (x, y) => (x * 7 + y * 13) % 200);
      const crops = chooseCrops(image, cropping);
      expect(crops.length).to.be.within(1, mostCrops(image, cropping));
      for (const [index, crop] of crops.entries()) {
        expect(within(image, crop), `${width}×${height}`).to.equal(true);
        expect([crop.width, crop.height]).to.deep.equal([Math.min(8, width), Math.min(8, height)]);
        for (const other of crops.slice(index + 1)) {
          const [w, h] = [8 - Math.abs(crop.left - other.left), 8 - Math.abs(crop.top - other.top)];
          expect(Math.max(0, w) * Math.max(0, h)).to.be.at.most(32);
        }
      }
    }
  });

  it("are fewer of a picture that is hardly larger, of which they would all show the same", () => {
    const image = picture(10, 7, (x) => x * 20);
    expect(chooseCrops(image, cropping)).to.deep.equal([{ left: 2, top: 0, width: 8, height: 7 }]);
  });

  it("are the first ones of a picture without any detail", () => {
    expect(chooseCrops(flat(16, 8), cropping).map(({ left }) => left)).to.deep.equal([0, 8]);
  });

  it("are cut out to the pixel, in memory of their own", () => {
    const image = picture(9, 6, (x, y) => 10 * x + y);
    const { data, ...size } = cut(image, { left: 3, top: 2, width: 4, height: 3 });
    expect(size).to.deep.equal({ width: 4, height: 3 });
    expect([...data.subarray(12, 24)]).to.deep.equal([
      ...image.data.subarray(3 * (3 * 9 + 3), 3 * (3 * 9 + 7)),
    ]);
    data.fill(255);
    expect(image.data.includes(255)).to.equal(false);
  });
});
