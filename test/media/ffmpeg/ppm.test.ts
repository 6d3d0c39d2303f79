import { expect } from "chai";
import type { RgbImage } from "../../../src/media/picture.js";
import { readPpm } from "../../../src/media/ffmpeg/ppm.js";

const ppm = (width: number, height: number, fill: number): Buffer =>
  Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), Buffer.alloc(3 * width * height, fill)]);

async function read(bytes: Uint8Array, piece: number): Promise<RgbImage[]> {
  const images: RgbImage[] = [];
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += piece)
      yield await Promise.resolve(bytes.subarray(at, at + piece));
  }
  for await (const image of readPpm(pieces())) images.push(image);
  return images;
}

describe("readPpm", () => {
  it("reads pictures of any size from pieces of any size", async () => {
    // The second one's pixels look like a header.
    const bytes = Buffer.concat([ppm(5, 7, 1), ppm(2, 3, 10), ppm(1, 1, 80)]);
    for (const piece of [1, 2, 3, 13, 64, 1000]) {
      const images = await read(bytes, piece);
      expect(images.map(({ width, height }) => [width, height])).to.deep.equal([
        [5, 7],
        [2, 3],
        [1, 1],
      ]);
      expect(images.map(({ data }) => [...new Set(data)])).to.deep.equal([[1], [10], [80]]);
      expect(images.map(({ data }) => data.length)).to.deep.equal([105, 18, 3]);
    }
  });

  it("leaves out a picture that is cut short", async () => {
    expect(await read(Buffer.concat([ppm(2, 2, 1), ppm(2, 2, 2)]).subarray(0, 40), 7)).to.have.length(1);
  });

  it("recognises what is no PPM", async () => {
    const error: unknown = await read(Buffer.alloc(100, 65), 100).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(Error).with.property("message").that.includes("PPM header");
  });
});
