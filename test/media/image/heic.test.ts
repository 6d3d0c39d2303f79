import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import sharp from "sharp";
import { conversionOf, convertLight } from "../../../src/media/colour/light.js";
import { decodeImage } from "../../../src/media/image/decodeImage.js";
import type { FfmpegPictureOptions } from "../../../src/media/image/ffmpegPicture.js";
import { findLibheif } from "../../../src/media/image/findLibheif.js";
import { decodeHeic } from "../../../src/media/image/heic.js";
import { openRaster } from "../../../src/media/image/raster.js";
import { wrapInTiff } from "../../../src/media/image/tiff.js";
import type { Picture } from "../../../src/media/picture.js";
import { heicOfFrame, withProperties } from "./heifBoxes.js";
import { expectNear, failure, ffmpeg, fixture, pixel, scratch, script } from "../helpers.js";

const heic = fixture("quarters.heic");
const fromRoot = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** Without libheif-js, as where it is not installed. */
async function byFfmpeg(source: string | Buffer, options: FfmpegPictureOptions): Promise<Picture> {
  const bytes = typeof source === "string" ? await readFile(source) : source;
  const { meta } = await openRaster(bytes, "HEIC", "it", { maxPixels: Infinity });
  return decodeHeic({ source, bytes, name: "the picture" }, meta, options, undefined);
}

function expectQuarters(picture: Picture): void {
  expect([picture.width, picture.height]).to.deep.equal([128, 96]);
  expectNear(pixel(picture, 32, 24), [220, 40, 40], 4);
  expectNear(pixel(picture, 96, 24), [40, 200, 60], 4);
  expectNear(pixel(picture, 32, 72), [50, 70, 210], 4);
  expectNear(pixel(picture, 96, 72), [230, 220, 60], 4);
}

/** The fixture with other boxes among its properties: `colr` of these code points, or turned and mirrored. */
async function described(
  ...properties: readonly (readonly [type: string, ...body: number[]])[]
): Promise<Buffer> {
  return withProperties(await readFile(heic), properties);
}

const nclx = (...body: number[]): [string, ...number[]] => ["colr", ...Buffer.from("nclx"), ...body];
const PQ = nclx(0, 9, 0, 16, 0, 9, 128);
const DISPLAY_P3 = nclx(0, 12, 0, 13, 0, 6, 128);

/** Properties, and where the quarters of the fixture are seen then: left and right above, and below. */
const orientations = [
  [[["irot", 2]], [3, 2, 1, 0]],
  [[["irot", 1]], [1, 3, 0, 2]],
  [[["irot", 3]], [2, 0, 3, 1]],
  [[["imir", 0]], [2, 3, 0, 1]],
  [[["imir", 1]], [1, 0, 3, 2]],
  [
    [
      ["irot", 1],
      ["imir", 1],
    ],
    [3, 1, 2, 0],
  ],
  [
    [
      ["imir", 1],
      ["irot", 1],
    ],
    [0, 2, 1, 3],
  ],
] as const;

function expectOrder(picture: Picture, order: readonly number[]): void {
  const { width: w, height: h } = picture;
  const corners = [pixel(picture, 8, 8), pixel(picture, w - 9, 8), pixel(picture, 8, h - 9)];
  corners.push(pixel(picture, w - 9, h - 9));
  corners.forEach((corner, i) => {
    expectNear(corner, colours[order[i] ?? 0] ?? [], 4);
  });
}

const colours = [
  [220, 40, 40],
  [40, 200, 60],
  [50, 70, 210],
  [230, 220, 60],
];

describe("HEIC by libheif-js", () => {
  const at = scratch();
  const installed = findLibheif();

  it("is decoded, from a file and from memory, and leaves its bytes whole", async () => {
    expectQuarters(await decodeImage(heic));
    const bytes = await readFile(heic);
    const before = Buffer.from(bytes);
    expectQuarters(await decodeImage(bytes));
    expect(bytes.equals(before)).to.equal(true);
  });

  it("is turned and mirrored as it says", async () => {
    for (const [properties, order] of orientations) {
      const picture = await decodeImage(await described(...properties));
      expectOrder(picture, order);
      expect(picture.treatment, JSON.stringify(properties)).to.include("orientation");
    }
  });

  it("has wide gamuts brought to sRGB as those of other stills are", async () => {
    const picture = await decodeImage(await described(DISPLAY_P3));
    const conversion = conversionOf({ primaries: 12, transfer: 13, matrix: 0 });
    const wanted = convertLight({ data: Uint8Array.from([50, 70, 210]), channels: 3 }, conversion);
    expect(Math.abs((wanted[0] ?? 0) - 50), "a colour that changes").to.be.above(4);
    expectNear(pixel(picture, 32, 72), [...wanted], 6);
    expect(picture.treatment).to.deep.equal(["smpte432→srgb", "alpha-flattened"]);
  });

  it("of cameras, with 10 bits and more colour, has its colours", async () => {
    const size = { width: 64, height: 64 };
    for (const format of ["yuv422p10le", "yuv444p10le"]) {
      const source = `color=0x3264c8:s=64x64,scale=out_color_matrix=bt709:out_range=tv,format=${format}`;
      const coded = "-frames:v 1 -c:v libx265 -x265-params lossless=1:log-level=error -tag:v hvc1";
      await ffmpeg(`-f lavfi -i ${source} ${coded} ${at("camera.mp4")}`);
      const camera = heicOfFrame(await readFile(at("camera.mp4")), size, [nclx(0, 1, 0, 13, 0, 1, 0)]);
      const picture = await decodeImage(camera);
      expectNear(pixel(picture, 32, 32), [50, 100, 200], 3);
      expect(picture.treatment).to.deep.equal([]);
    }
  });

  it("has HDR of 10 bits tone-mapped, none of the bits lost", async () => {
    const size = { width: 256, height: 64 };
    const source = "color=black:s=256x64,format=yuv420p10le,geq=lum='400+X/4':cb=512:cr=512";
    const coded = "-frames:v 1 -c:v libx265 -x265-params lossless=1:log-level=error -tag:v hvc1";
    await ffmpeg(`-f lavfi -i ${source} ${coded} ${at("deep.mp4")}`);
    const pq = heicOfFrame(await readFile(at("deep.mp4")), size, [PQ]);
    const picture = await decodeImage(pq);
    expect(picture.treatment).to.deep.equal(["tone-mapped", "bt2020→srgb"]);
    const grey = (luma: number): number => Math.round((65535 * luma) / 1023);
    for (const x of [0, 100, 200]) {
      const data = new Uint16Array(3).fill(grey(400 + Math.floor(x / 4)));
      const conversion = conversionOf({ primaries: 9, transfer: 16, matrix: 0 });
      expectNear(pixel(picture, x, 32), [...convertLight({ data, channels: 3 }, conversion)], 1);
    }
    const row = Array.from({ length: size.width }, (_, x) => pixel(picture, x, 32)[0]);
    expect(new Set(row).size, "64 steps, of which 8 bits show 17").to.be.above(20);
  });

  it("follows its profile", async () => {
    const { data, info } = await sharp(fixture("quarters.png"))
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const tagged = await sharp(fixture("quarters.png")).withIccProfile("p3").png().toBuffer();
    const { icc = new Uint8Array() } = await sharp(tagged).metadata();
    const wanted = await decodeImage(wrapInTiff({ ...info, data }, icc));
    const picture = await decodeImage(await described(["colr", ...Buffer.from("prof"), ...icc]));
    expect(picture.treatment).to.include("icc→srgb");
    expect(pixel(wanted, 32, 24)).to.not.deep.equal([220, 40, 40]);
    expectNear(pixel(picture, 32, 24), pixel(wanted, 32, 24), 5);
    expectNear(pixel(picture, 96, 72), pixel(wanted, 96, 72), 5);
  });

  it("is refused by its size before anything is decoded", async () => {
    const folder = "/nowhere";
    await failure(decodeImage(heic, { maxPixels: 128 * 96 - 1 }), "ERR_IMAGE_TOO_LARGE");
    const bytes = await readFile(heic);
    const { meta } = await openRaster(bytes, "HEIC", "it", { maxPixels: Infinity });
    const file = { source: heic, bytes, name: "the picture" };
    const broken = decodeHeic(file, meta, {}, { version: "0", folder });
    expect((await failure(broken, "ERR_IMAGE_DECODE")).message).to.include("libheif-js 0");
    const other = decodeHeic(file, { ...meta, width: 64 }, {}, installed);
    expect((await failure(other, "ERR_IMAGE_DECODE")).message)
      .to.include("128×96")
      .and.include("64×96");
  });

  it("is an error of its own where it is cut short or damaged, and the next is decoded", async () => {
    const bytes = await readFile(heic);
    await failure(decodeImage(bytes.subarray(0, bytes.length - 400)), "ERR_IMAGE_DECODE");
    const zeroed = Buffer.from(bytes).fill(0, bytes.indexOf("mdat") + 8);
    const { message } = await failure(decodeImage(zeroed), "ERR_IMAGE_DECODE");
    expect(message).to.include("libheif-js").and.include("export it as JPEG");
    const both = await Promise.allSettled([decodeImage(zeroed), decodeImage(bytes)]);
    expect(both.map(({ status }) => status)).to.deep.equal(["rejected", "fulfilled"]);
  });

  it("is decoded by the built program, in a thread of its own", () => {
    const args = [fromRoot("dist/cli/main.js"), heic, "-f", "ndjson"];
    const env = { ...process.env, NODE_V8_COVERAGE: undefined, FFMPEG_PATH: at("missing") };
    const lines = execFileSync(process.execPath, args, { env, encoding: "utf8" }).trim().split("\n");
    expect(JSON.parse(lines[1] ?? ""))
      .to.include({ type: "image" })
      .and.nested.include({ "input.width": 128 });
  });

  it("is found beside tonescore", () => {
    expect(installed?.folder).to.match(/node_modules.libheif-js$/);
  });
});

describe("HEIC by ffmpeg", () => {
  const at = scratch();
  const version = '[ "$2" = -version ] && echo "ffmpeg version 99" && exit';

  /** An ffmpeg that decodes whatever it is given to a picture of ours. */
  async function decoderOf(name: string, width: number, height: number): Promise<string> {
    const pixels = await sharp(fixture("quarters.png"))
      .resize(width, height, { kernel: "nearest" })
      .removeAlpha()
      .raw()
      .toBuffer();
    await writeFile(at(`${name}.ppm`), Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), pixels]));
    await script(at(name), `${version}; cat ${at(`${name}.ppm`)}`);
    return at(name);
  }

  it("takes what an ffmpeg that can decode it gives", async () => {
    const picture = await byFfmpeg(heic, { ffmpeg: await decoderOf("able", 128, 96) });
    expectQuarters(picture);
    expect(picture.treatment).to.deep.equal([]);
  });

  it("takes no tile for the whole", async () => {
    const ffmpeg = await decoderOf("tile", 64, 64);
    const { message } = await failure(byFfmpeg(heic, { ffmpeg }), "ERR_IMAGE_DECODE");
    expect(message).to.include("64×64").and.include("128×96").and.include("npm install libheif-js");
  });

  it("has HDR and wide gamuts brought to sRGB by the filters that videos get", async () => {
    const ffmpeg = await decoderOf("hdr", 128, 96);
    await script(ffmpeg, `${version}; echo "$@" > ${at("arguments")}; cat ${at("hdr.ppm")}`);
    const pq = await byFfmpeg(await described(PQ), { ffmpeg });
    expect(pq.treatment).to.deep.equal(["tone-mapped", "bt2020→srgb"]);
    expect(await readFile(at("arguments"), "utf8"))
      .to.include("color_trc=16:color_primaries=9")
      .and.include("tonemap=mobius");
    const p3 = await byFfmpeg(await described(DISPLAY_P3), { ffmpeg });
    expect(p3.treatment).to.deep.equal(["smpte432→srgb"]);
  });

  it("is turned and mirrored as it says, whatever ffmpeg would do by itself", async () => {
    const ffmpeg = await decoderOf("turned", 128, 96);
    await script(ffmpeg, `${version}; echo "$@" > ${at("arguments")}; cat ${at("turned.ppm")}`);
    for (const [properties, order] of orientations) {
      const picture = await byFfmpeg(await described(...properties), { ffmpeg });
      expectOrder(picture, order);
      expect(picture.treatment, JSON.stringify(properties)).to.deep.equal(["orientation"]);
      expect(await readFile(at("arguments"), "utf8")).to.include("-noautorotate");
    }
  });

  it("names what would decode it where there is no ffmpeg either", async () => {
    const { message } = await failure(byFfmpeg(heic, { ffmpeg: at("missing") }), "ERR_FFMPEG_NOT_FOUND");
    expect(message).to.include("npm install libheif-js").and.include("the picture is HEIC");
  });
});
