import { expect } from "chai";
import sharp from "sharp";
import { frameAt, frameThumbnails } from "../../../src/report/pictures/frames.js";
import { crop, thumbnail } from "../../../src/report/pictures/thumbnail.js";
import type { Html } from "../../../src/report/page/html.js";
import { fixture } from "../../media/helpers.js";

const picture = (name: string): string => `test/fixtures/pictures/${name}.png`;

async function sizeOf({ text }: Html): Promise<[width: number, height: number]> {
  const [, data = ""] = /src="data:image\/webp;base64,([^"]+)"/.exec(text) ?? [];
  const { width, height } = await sharp(Buffer.from(data, "base64")).metadata();
  return [width, height];
}

describe("report: thumbnails", () => {
  it("are small, whatever the picture's size, and keep its shape", async () => {
    const { width, height } = await sharp(picture("large")).metadata();
    const small = await thumbnail(picture("large"), { size: 64 });
    const [w, h] = await sizeOf(small);
    expect(Math.max(w, h)).to.equal(64);
    expect(w / h).to.be.closeTo(width / height, 0.05);
    expect(small.text.length).to.be.below(8000);
  });

  it("show HEIC, which sharp cannot decode", async () => {
    const shown = await thumbnail(fixture("quarters.heic"), { size: 32 });
    expect(await sizeOf(shown)).to.deep.equal([32, 24]);
  });

  it("are a word where there is no picture", async () => {
    expect((await thumbnail("gone.jpg")).text).to.include("no longer at its path");
    expect((await thumbnail("README.md")).text).to.include("cannot be decoded here");
    expect((await thumbnail(undefined)).text).to.include("in memory");
    expect((await crop("gone.jpg", 10)).text).to.include("no longer at its path");
  });

  it("crop the middle of a picture pixel for pixel, and all of a smaller one", async () => {
    expect(await sizeOf(await crop(picture("large"), 40))).to.deep.equal([40, 40]);
    const { width, height } = await sharp(picture("small")).metadata();
    expect(await sizeOf(await crop(picture("small"), 5000))).to.deep.equal([width, height]);
  });

  it("of frames are those at the times asked for", async () => {
    const frames = await frameThumbnails("examples/clip.mp4", [0, 2, 3], { size: 48 });
    expect([...frames.keys()]).to.deep.equal([0, 2, 3]);
    expect(await sizeOf(frameAt(frames, 2))).to.deep.equal([48, 48]);
  });

  it("of frames are none where there is no video", async () => {
    expect((await frameThumbnails("gone.mp4", [0], { size: 48 })).size).to.equal(0);
    expect((await frameThumbnails("-", [0], { size: 48 })).size).to.equal(0);
    expect((await frameThumbnails(undefined, [0], { size: 48 })).size).to.equal(0);
  });
});
