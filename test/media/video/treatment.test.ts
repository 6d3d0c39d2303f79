import { readFile, writeFile } from "node:fs/promises";
import { expect } from "chai";
import type { RgbImage } from "../../../src/media/picture.js";
import { collect, expectNear, ffmpeg, fixture, framesOf, pixel, scratch } from "../helpers.js";
import { openVideo } from "../../../src/media/video/openVideo.js";

/** How much neighbouring rows differ more than rows two apart: a comb where two moments are woven together. */
function combing({ width, height, data }: RgbImage): number {
  const value = (x: number, y: number): number => data[3 * (y * width + x)] ?? 0;
  let comb = 0;
  for (let y = 0; y + 2 < height; y++) {
    for (let x = 0; x < width; x++) {
      comb += Math.abs(value(x, y) - value(x, y + 1)) - Math.abs(value(x, y) - value(x, y + 2));
    }
  }
  return comb / (width * height);
}

describe("openVideo: treatment", () => {
  const at = scratch();

  it("turns frames as the file says", async () => {
    const [frame] = await framesOf(fixture("rotated.mp4"));
    if (!frame) throw new Error("no frame");
    expect([frame.width, frame.height]).to.deep.equal([96, 128]);
    expect(frame.treatment).to.deep.equal(["rotated 90"]);
    expectNear(pixel(frame, 24, 32), [50, 70, 210], 8);
    expectNear(pixel(frame, 72, 32), [220, 40, 40], 8);
    expectNear(pixel(frame, 24, 96), [230, 220, 60], 8);
    expectNear(pixel(frame, 72, 96), [40, 200, 60], 8);
  });

  it("makes pixels square, stretching and never shrinking", async () => {
    const source = "-f lavfi -i color=red:s=72x48:r=5:d=0.4 -c:v ffv1 -vf";
    await ffmpeg(`${source} setsar=4/3 ${at("wide.mkv")}`);
    await ffmpeg(`${source} setsar=8/9 ${at("tall.mkv")}`);
    const [wide] = await framesOf(at("wide.mkv"));
    const [tall] = await framesOf(at("tall.mkv"));
    expect([wide?.width, wide?.height]).to.deep.equal([96, 48]);
    expect([tall?.width, tall?.height]).to.deep.equal([72, 54]);
    expect(wide?.treatment).to.deep.equal(["square-pixels"]);
  });

  it("deinterlaces what says that it is interlaced", async () => {
    // Stripes without any vertical detail, which move between the two fields of a frame.
    const stripes = "color=black:s=128x96:r=50:d=1,geq=lum=128+100*sin((X+6*N)/8):cb=128:cr=128";
    const moving = `-f lavfi -i ${stripes} -vf interlace=lowpass=off:scan=tff`;
    await ffmpeg(`${moving} -c:v mpeg2video -flags +ilme+ildct -q:v 2 ${at("fields.mkv")}`);
    await ffmpeg(`${moving},setfield=prog -c:v mpeg2video -q:v 2 ${at("woven.mkv")}`);
    const options = { fps: 4 };
    const fields = await framesOf(at("fields.mkv"), options);
    const woven = await framesOf(at("woven.mkv"), options);
    expect(fields.map((frame) => Number(frame.time.toFixed(3)))).to.deep.equal([0, 0.28, 0.52, 0.76]);
    expect(fields[1]?.treatment).to.deep.equal(["deinterlaced"]);
    expect(woven[1]?.treatment).to.deep.equal([]);
    const combs = [fields, woven].map(([, frame]) => (frame ? combing(frame) : NaN));
    expect(combs[0]).to.be.below(2);
    expect(combs[1]).to.be.above(30);
  });

  it("brings frames back to the first size where the size changes midway", async () => {
    for (const [size, name] of [
      ["64x48", "one.ts"],
      ["96x48", "two.ts"],
    ] as const) {
      await ffmpeg(`-f lavfi -i color=red:s=${size}:r=10:d=1.5 -c:v mpeg2video -q:v 2 ${at(name)}`);
    }
    const joined = Buffer.concat([await readFile(at("one.ts")), await readFile(at("two.ts"))]);
    await writeFile(at("joined.ts"), joined);
    const frames = await collect(openVideo(at("joined.ts"), { fps: 2 }));
    expect(frames.map(({ width, height }) => `${width}x${height}`)).to.deep.equal(Array(6).fill("64x48"));
    expect(frames.map(({ treatment }) => treatment.length)).to.deep.equal([0, 0, 0, 1, 1, 1]);
    expect(frames[4]?.treatment).to.deep.equal(["resized 96x48→64x48"]);
  });
});
