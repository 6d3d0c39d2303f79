import { writeFile } from "node:fs/promises";
import { expect } from "chai";
import sharp, { type Sharp } from "sharp";
import { decodeImage } from "../../../src/media/image/decodeImage.js";
import { wrapInTiff } from "../../../src/media/image/tiff.js";
import { expectNear, pixel, scratch } from "../helpers.js";

type Rgb = readonly [number, number, number];

const colours: readonly Rgb[] = [
  [220, 40, 40],
  [40, 200, 60],
  [50, 70, 210],
  [230, 220, 60],
];

/** Four quarters: red, green, blue, yellow. */
function quarters(width = 64, height = 48): Sharp {
  const data = Buffer.alloc(3 * width * height);
  for (let i = 0; i < width * height; i++) {
    const quarter = (i % width < width / 2 ? 0 : 1) + (i < (width * height) / 2 ? 0 : 2);
    data.set(colours[quarter] ?? [], 3 * i);
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** A picture of one 16-bit colour. */
const deep = (...values: number[]): Sharp =>
  sharp(
    Uint16Array.from({ length: 64 * values.length }, (_, i) => values[i % values.length] ?? 0),
    {
      raw: { width: 8, height: 8, channels: values.length as 1 | 2 | 3 | 4 },
    },
  );

const plain = (r: number, g: number, b: number, alpha?: number): Sharp => {
  const background = alpha === undefined ? { r, g, b } : { r, g, b, alpha };
  return sharp({ create: { width: 8, height: 8, channels: alpha === undefined ? 3 : 4, background } });
};

describe("decodeImage", () => {
  const at = scratch();

  const decoded = async (image: Sharp): Promise<{ rgb: number[]; treatment: readonly string[] }> => {
    const picture = await decodeImage(await image.toBuffer());
    expect(picture.data).to.have.length(3 * picture.width * picture.height);
    return { rgb: pixel(picture, 4, 4), treatment: picture.treatment };
  };

  for (const [name, encode, tolerance] of [
    ["jpeg", (image) => image.jpeg({ quality: 95, chromaSubsampling: "4:4:4" }), 3],
    ["png", (image) => image.png(), 0],
    ["palette png", (image) => image.png({ palette: true }), 1],
    ["webp", (image) => image.webp({ lossless: true }), 0],
    ["avif", (image) => image.avif({ quality: 90, chromaSubsampling: "4:4:4" }), 4],
    ["tiff", (image) => image.tiff({ compression: "lzw" }), 0],
    ["gif", (image) => image.gif(), 2],
  ] satisfies [string, (image: Sharp) => Sharp, number][]) {
    it(`reads ${name}, from memory and from a file`, async () => {
      const bytes = await encode(quarters()).toBuffer();
      const picture = await decodeImage(bytes);
      expect([picture.width, picture.height]).to.deep.equal([64, 48]);
      [
        pixel(picture, 16, 12),
        pixel(picture, 48, 12),
        pixel(picture, 16, 36),
        pixel(picture, 48, 36),
      ].forEach((rgb, i) => {
        expectNear(rgb, colours[i] ?? [], tolerance);
      });
      expect(picture.treatment.filter((step) => step !== "alpha-flattened")).to.deep.equal([]);
      const file = at("picture[page=1].dat");
      await writeFile(file, bytes);
      expect(await decodeImage(file)).to.deep.equal(picture);
    });
  }

  it("turns a picture as its EXIF orientation says, mirrored ones too", async () => {
    // For each orientation, which of the stored quarters comes first, second, third and fourth.
    const shown = [
      [0, 1, 2, 3],
      [1, 0, 3, 2],
      [3, 2, 1, 0],
      [2, 3, 0, 1],
      [0, 2, 1, 3],
      [2, 0, 3, 1],
      [3, 1, 2, 0],
      [1, 3, 0, 2],
    ];
    for (const [i, order] of shown.entries()) {
      const bytes = await quarters()
        .withMetadata({ orientation: i + 1 })
        .png()
        .toBuffer();
      const picture = await decodeImage(bytes);
      const { width: w, height: h } = picture;
      expect([w, h]).to.deep.equal(i < 4 ? [64, 48] : [48, 64]);
      const corners = [
        pixel(picture, 2, 2),
        pixel(picture, w - 3, 2),
        pixel(picture, 2, h - 3),
        pixel(picture, w - 3, h - 3),
      ];
      expect(corners, `orientation ${i + 1}`).to.deep.equal(order.map((quarter) => colours[quarter]));
      expect(picture.treatment.includes("orientation")).to.equal(i > 0);
    }
  });

  it("brings 16 bits to 8", async () => {
    const { rgb, treatment } = await decoded(deep(65535, 32896, 0).toColourspace("rgb16").png());
    expectNear(rgb, [255, 128, 0], 1);
    expect(treatment).to.deep.equal(["16-bit→8-bit"]);
    expectNear((await decoded(deep(30000).toColourspace("grey16").png())).rgb, [117, 117, 117], 1);
  });

  it("makes grey, one-bit and grey with alpha RGB", async () => {
    expect((await decoded(plain(90, 90, 90).toColourspace("b-w").png())).rgb).to.deep.equal([90, 90, 90]);
    expect(
      (await decoded(plain(255, 255, 255).toColourspace("b-w").png({ palette: true, colours: 2 }))).rgb,
    ).to.deep.equal([255, 255, 255]);
    expectNear((await decoded(plain(50, 50, 50, 0.5).toColourspace("b-w").png())).rgb, [152, 152, 152], 1);
  });

  it("shows transparency on white, in 8 and in 16 bits", async () => {
    const clear = await decoded(plain(10, 20, 30, 0).png());
    expect(clear.rgb).to.deep.equal([255, 255, 255]);
    expect(clear.treatment).to.deep.equal(["alpha-flattened"]);
    expectNear((await decoded(plain(255, 0, 0, 0.5).webp({ lossless: true }))).rgb, [255, 127, 127], 1);
    const deepClear = await decoded(deep(0, 0, 0, 0).toColourspace("rgb16").png());
    expect(deepClear.rgb).to.deep.equal([255, 255, 255]);
    expect(deepClear.treatment).to.deep.equal(["16-bit→8-bit", "alpha-flattened"]);
  });

  it("converts from the embedded profile to sRGB", async () => {
    const bytes = await plain(200, 100, 50).withIccProfile("p3").png().toBuffer();
    const stored = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
    expectNear([...stored.subarray(0, 3)], [187, 104, 61], 3);
    const picture = await decodeImage(bytes);
    expectNear(pixel(picture, 4, 4), [200, 100, 50], 2);
    expect(picture.treatment).to.deep.equal(["icc→srgb"]);
  });

  it("converts ink to sRGB, with and without a profile", async () => {
    const ink = plain(255, 0, 0).toColourspace("cmyk").jpeg({ quality: 100, chromaSubsampling: "4:4:4" });
    const { rgb, treatment } = await decoded(ink);
    expectNear(rgb, [235, 15, 15], 25);
    expect(treatment).to.deep.equal(["cmyk→srgb"]);
    const profiled = plain(180, 120, 110).withIccProfile("cmyk").tiff({ compression: "none" });
    expectNear((await decoded(profiled)).rgb, [180, 120, 110], 14);
  });

  it("takes the first frame of an animation and the first page of a TIFF", async () => {
    const frames = [plain(255, 0, 0), plain(0, 0, 255)].map((image) => image.png().toBuffer());
    const animation = sharp(await Promise.all(frames), { join: { animated: true } });
    for (const [encoded, steps] of [
      [animation.clone().gif(), ["first of 2 frames"]],
      [animation.clone().webp({ lossless: true }), ["first of 2 frames"]],
      [animation.clone().tiff(), ["first of 2 pages"]],
    ] as const) {
      const { rgb, treatment } = await decoded(encoded);
      expectNear(rgb, [255, 0, 0], 1);
      expect(treatment.slice(0, 1)).to.deep.equal(steps);
    }
  });

  it("reads what wrapInTiff puts together", async () => {
    const { data, info } = await quarters().raw().toBuffer({ resolveWithObject: true });
    const { icc } = await sharp(await plain(1, 2, 3).withIccProfile("p3").png().toBuffer()).metadata();
    const tiff = wrapInTiff({ width: info.width, height: info.height, data }, icc ?? Buffer.alloc(0));
    expect([...(await sharp(tiff, { ignoreIcc: true }).raw().toBuffer())]).to.deep.equal([...data]);
    expectNear(pixel(await decodeImage(tiff), 2, 2), [240, 0, 23], 2);
  });

  it("keeps memory flat over many pictures", async function () {
    this.timeout(120000);
    const bytes = await quarters(1000, 1000).jpeg().toBuffer();
    const decodeMany = async (count: number): Promise<number> => {
      for (let i = 0; i < count; i++) await decodeImage(bytes);
      global.gc?.();
      return process.memoryUsage().rss / 2 ** 20;
    };
    const before = await decodeMany(40);
    expect((await decodeMany(160)) - before).to.be.below(100);
  });
});
