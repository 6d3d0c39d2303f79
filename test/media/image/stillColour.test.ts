import { execFileSync } from "node:child_process";
import { expect } from "chai";
import sharp, { type Sharp } from "sharp";
import { decodeImage } from "../../../src/media/image/decodeImage.js";
import { conversionOf, convertLight } from "../../../src/media/colour/light.js";
import type { Picture } from "../../../src/media/picture.js";
import { srgbFilters } from "../../../src/media/colour/toSrgb.js";
import { expectNear, failure, pixel, wholeFfmpeg } from "../helpers.js";
import { withChunks, words } from "./pngChunk.js";

const SIDE = 32;

/** Every colour of a small cube, brightly and dimly, so that gamuts and curves show. */
function cube(): Sharp {
  const data = Buffer.from(
    Array.from({ length: SIDE * SIDE }, (_, i) => [(i % 32) * 8, ((i >> 3) % 32) * 8, (i >> 2) % 256]).flat(),
  );
  return sharp(data, { raw: { width: SIDE, height: SIDE, channels: 3 } });
}

const toLinear = (value: number): number =>
  value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;

/** The picture's light as 16-bit numbers by a curve. */
async function coded(curve: (light: number) => number): Promise<Sharp> {
  const data = await cube().raw().toBuffer();
  const numbers = Uint16Array.from(data, (value) => Math.round(65535 * curve(toLinear(value / 255))));
  return sharp(numbers, { raw: { width: SIDE, height: SIDE, channels: 3 } }).toColourspace("rgb16");
}

/** How far two pictures are apart: at most, and on average. */
function distance(one: Picture, other: Picture): { most: number; mean: number } {
  expect([one.width, one.height]).to.deep.equal([other.width, other.height]);
  const differences = Array.from(one.data, (value, i) => Math.abs(value - (other.data[i] ?? NaN)));
  return {
    most: Math.max(...differences),
    mean: differences.reduce((sum, value) => sum + value, 0) / differences.length,
  };
}

describe("decodeImage: colour", () => {
  let plain: Picture;

  before(async () => (plain = await decodeImage(await cube().png().toBuffer())));

  it("takes the numbers of a PNG by its gamma, where nothing says it better", async () => {
    const linear = await (await coded((light) => light)).png().toBuffer();
    const shown = await decodeImage(withChunks(linear, ["gAMA", ...words(100000)]));
    expect(distance(shown, plain).most).to.be.at.most(1);
    expect(shown.treatment).to.deep.equal(["gamma 1→srgb", "16-bit→8-bit"]);
    const usual = withChunks(await cube().png().toBuffer(), ["gAMA", ...words(45455)]);
    expect(await decodeImage(usual)).to.deep.equal(plain);
    const overruled = withChunks(await cube().png().toBuffer(), ["gAMA", ...words(100000)], ["sRGB", 0]);
    expect(await decodeImage(overruled)).to.deep.equal(plain);
    const palette = await cube().png({ palette: true, colours: 64 }).toBuffer();
    const bright = await decodeImage(withChunks(palette, ["gAMA", ...words(100000)]));
    expect(bright.treatment).to.include("gamma 1→srgb");
  });

  it("brings a PNG's wide primaries to sRGB", async () => {
    const red = await sharp({ create: { width: 4, height: 4, channels: 3, background: "#c80000" } })
      .png()
      .toBuffer();
    const p3 = [31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000];
    const shown = await decodeImage(withChunks(red, ["gAMA", ...words(45455)], ["cHRM", ...words(...p3)]));
    expectNear(pixel(shown, 1, 1), [219, 0, 0], 1);
    expect(shown.treatment).to.deep.equal(["primaries→srgb"]);
  });

  it("tone-maps HDR and brings Display P3 to sRGB, in PNG and in AVIF", async () => {
    const pq = await (await coded(toPq)).png().toBuffer();
    const png = await decodeImage(withChunks(pq, ["cICP", 1, 16, 0, 1]));
    expect(png.treatment).to.deep.equal(["tone-mapped", "16-bit→8-bit"]);
    expect(distance(png, plain).mean).to.be.below(12);
    const blind = await decodeImage(pq);
    expect(distance(blind, plain).mean).to.be.above(25);
    const stored = await cube().png().toBuffer();
    const p3 = await decodeImage(withChunks(stored, ["cICP", 12, 13, 0, 1]));
    expect(p3.treatment).to.deep.equal(["smpte432→srgb"]);
    const viaProfile = await sharp(stored).withIccProfile("p3", { attach: true }).png().toBuffer();
    const numbers = await sharp(viaProfile, { ignoreIcc: true }).raw().toBuffer({ resolveWithObject: true });
    const back = await sharp(numbers.data, { raw: { width: SIDE, height: SIDE, channels: 3 } })
      .png()
      .toBuffer();
    expect(distance(await decodeImage(withChunks(back, ["cICP", 12, 13, 0, 1])), plain).mean).to.be.below(
      1.5,
    );
    const avif = await cube().avif({ lossless: true, chromaSubsampling: "4:4:4" }).toBuffer();
    for (const [codes, treatment] of [
      [[0, 12, 0, 13], ["smpte432→srgb"]],
      [
        [0, 9, 0, 16],
        ["tone-mapped", "bt2020→srgb"],
      ],
      [
        [0, 9, 0, 18],
        ["tone-mapped", "bt2020→srgb"],
      ],
      [[0, 1, 0, 13], []],
    ] as const) {
      const stated = Buffer.from(avif);
      const at = stated.indexOf("nclx", 0, "latin1");
      stated.set(codes, at + 4);
      expect((await decodeImage(stated)).treatment, codes.join()).to.deep.equal(treatment);
    }
  });

  it("shows stills as the filters show videos, to the level", async () => {
    let seed = 1;
    const data = Uint16Array.from({ length: 3 * 64 * 64 }, () => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed >>> 16;
    });
    const { path } = await wholeFfmpeg();
    for (const [transfer, primaries] of [
      [16, 9],
      [18, 9],
      [16, 12],
      [13, 12],
      [1, 9],
      [14, 9],
      [8, 1],
      [9, 1],
      [13, 11],
      [13, 8],
    ] as const) {
      const colour = { matrix: 0, transfer, primaries };
      const filters = `setparams=range=pc,${srgbFilters(colour, { width: 64, height: 64 })}`;
      const input = ["-f", "rawvideo", "-pix_fmt", "rgb48le", "-s", "64x64", "-i", "pipe:0"];
      const output = ["-vf", filters, "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"];
      const shown = execFileSync(path, ["-v", "error", ...input, ...output], {
        input: Buffer.from(data.buffer),
      });
      const ours = convertLight({ data, channels: 3 }, conversionOf(colour));
      const most = shown.reduce((sum, value, i) => Math.max(sum, Math.abs(value - (ours[i] ?? NaN))), 0);
      expect(most, `transfer ${transfer}, primaries ${primaries}`).to.be.at.most(1);
    }
  });

  it("gives 16 bits the colours that their profile gives 8", async () => {
    for (const profile of ["p3", "srgb"]) {
      const eight = await decodeImage(await cube().withIccProfile(profile).png().toBuffer());
      const deep = cube().toColourspace("rgb16").withIccProfile(profile);
      for (const encoded of [deep.clone().png(), deep.clone().tiff({ compression: "lzw" })]) {
        const sixteen = await decodeImage(await encoded.toBuffer());
        expect(sixteen.treatment).to.deep.equal(["icc→srgb", "16-bit→8-bit"]);
        expect(distance(sixteen, eight).mean, profile).to.be.below(1.5);
      }
    }
  });

  it("takes the still of an animated AVIF, and refuses old-style JPEG in TIFF by name", async () => {
    const avif = await cube().avif({ quality: 90 }).toBuffer();
    const sequence = Buffer.from(avif);
    sequence.write("avis", 8, "latin1");
    expect((await decodeImage(sequence)).data).to.deep.equal((await decodeImage(avif)).data);
    const tiff = await cube()
      .tiff({ compression: "jpeg", tile: true, tileWidth: 16, tileHeight: 16 })
      .toBuffer();
    const compression = tiff.indexOf(Buffer.from([3, 1, 3, 0, 1, 0, 0, 0, 7, 0]));
    tiff.writeUInt16LE(6, compression + 8);
    const { message } = await failure(decodeImage(tiff), "ERR_INPUT_UNSUPPORTED");
    expect(message).to.include("old-style JPEG");
  });

  it("shows the page around a GIF whose first frame is smaller than its canvas", async () => {
    const gif = await cube().gif().toBuffer();
    gif.writeUInt16LE(2 * SIDE, 6);
    gif.writeUInt16LE(2 * SIDE, 8);
    const frame = gif.indexOf(Buffer.from([0x2c, 0, 0, 0, 0, SIDE, 0, SIDE, 0]));
    gif.writeUInt16LE(10, frame + 1);
    const picture = await decodeImage(gif);
    expect([picture.width, picture.height]).to.deep.equal([2 * SIDE, 2 * SIDE]);
    expect(pixel(picture, 2, 2)).to.deep.equal([255, 255, 255]);
    expect(pixel(picture, 11, SIDE + 5)).to.deep.equal([255, 255, 255]);
    expectNear(pixel(picture, 10 + 20, 9), pixel(plain, 20, 9), 40);
    expect(picture.treatment).to.deep.equal(["alpha-flattened"]);
  });

  it("decodes smaller where that is surely enough, and says so", async () => {
    const large = await cube().resize(800, 600).jpeg().toBuffer();
    const shown = await decodeImage(large, { enough: 150 });
    expect([shown.width, shown.height]).to.deep.equal([200, 150]);
    expect(shown.treatment).to.deep.equal(["shrunk 800x600→200x150"]);
    const full = await decodeImage(large, { enough: 301 });
    expect([full.width, full.treatment]).to.deep.equal([800, []]);
    let reserved: unknown;
    const reserve = (size: unknown): Promise<void> => Promise.resolve(void (reserved = size));
    await decodeImage(large, { enough: 150, maxPixels: 30000, reserve });
    expect(reserved).to.deep.equal({ width: 200, height: 150 });
  });

  it("decodes at its own size where that is asked of a picture so large", async () => {
    const large = await cube().resize(800, 600).jpeg().toBuffer();
    const asked: unknown[] = [];
    const own = { enough: 150, atOwnSize: (size: unknown) => asked.push(size) > 0 };
    expect(await decodeImage(large, own)).to.include({ width: 800, height: 600 });
    expect(asked).to.deep.equal([{ width: 800, height: 600 }]);
    const refused = await decodeImage(large, { enough: 150, atOwnSize: () => false });
    expect(refused.treatment).to.deep.equal(["shrunk 800x600→200x150"]);
  });

  it("decodes still smaller where the rest is more than may be held", async () => {
    const large = cube().resize(500, 300, { fit: "fill" });
    const jpeg = await large.clone().jpeg().toBuffer();
    const fits = await decodeImage(jpeg, { enough: 160, maxPixels: 150_000 });
    expect([fits.width, fits.height]).to.deep.equal([500, 300]);
    const shown = await decodeImage(jpeg, { enough: 160, maxPixels: 149_999 });
    expect(shown.treatment).to.deep.equal(["shrunk 500x300→250x150"]);
    await failure(decodeImage(jpeg, { enough: 160, maxPixels: 37_499 }), "ERR_IMAGE_TOO_LARGE");
    await failure(decodeImage(jpeg, { enough: 301, maxPixels: 149_999 }), "ERR_IMAGE_TOO_LARGE");
    const progressive = await large.clone().jpeg({ progressive: true }).toBuffer();
    await failure(decodeImage(progressive, { enough: 160, maxPixels: 149_999 }), "ERR_IMAGE_TOO_LARGE");
  });
});

const toPq = (light: number): number => {
  const power = ((light * 203) / 10000) ** (2610 / 16384);
  return ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** (2523 / 32);
};
