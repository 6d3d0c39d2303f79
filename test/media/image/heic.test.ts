import { readFile, writeFile } from "node:fs/promises";
import { expect } from "chai";
import sharp from "sharp";
import { TonescoreError } from "../../../src/errors.js";
import { decodeImage } from "../../../src/media/image/decodeImage.js";
import type { Picture } from "../../../src/media/picture.js";
import { withProperties } from "./heifBoxes.js";
import { expectNear, failure, fixture, pixel, scratch, script } from "../helpers.js";

const heic = fixture("quarters.heic");

function expectQuarters(picture: Picture): void {
  expect([picture.width, picture.height]).to.deep.equal([128, 96]);
  expectNear(pixel(picture, 32, 24), [220, 40, 40], 4);
  expectNear(pixel(picture, 96, 24), [40, 200, 60], 4);
  expectNear(pixel(picture, 32, 72), [50, 70, 210], 4);
  expectNear(pixel(picture, 96, 72), [230, 220, 60], 4);
}

describe("decodeImage: HEIC", () => {
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

  it("is decoded by the ffmpeg that is there, or refused with what would do", async () => {
    for (const source of [heic, await readFile(heic)]) {
      const result: unknown = await decodeImage(source).catch((error: unknown) => error);
      if (result instanceof TonescoreError) {
        expect(result.code).to.equal("ERR_IMAGE_DECODE");
        expect(result.message).to.include("ffmpeg 7 or later").and.include("heif-convert");
      } else {
        expectQuarters(result as Picture);
      }
    }
  });

  it("takes what an ffmpeg that can decode it gives", async () => {
    const picture = await decodeImage(heic, { ffmpeg: await decoderOf("able", 128, 96) });
    expectQuarters(picture);
    expect(picture.treatment).to.deep.equal([]);
  });

  it("takes no tile for the whole", async () => {
    const ffmpeg = await decoderOf("tile", 64, 64);
    const { message } = await failure(decodeImage(heic, { ffmpeg }), "ERR_IMAGE_DECODE");
    expect(message).to.include("64×64").and.include("128×96").and.include("heif-convert");
  });

  /** The fixture with other boxes among its properties: `colr` of these code points, or turned and mirrored. */
  async function described(
    ...properties: readonly (readonly [type: string, ...body: number[]])[]
  ): Promise<Buffer> {
    const bytes = await readFile(heic);
    return withProperties(bytes, properties);
  }

  it("has HDR and wide gamuts brought to sRGB by the filters that videos get", async () => {
    const ffmpeg = await decoderOf("hdr", 128, 96);
    await script(ffmpeg, `${version}; echo "$@" > ${at("arguments")}; cat ${at("hdr.ppm")}`);
    const nclx = Array.from("nclx", (letter) => letter.charCodeAt(0));
    const pq = await decodeImage(await described(["colr", ...nclx, 0, 9, 0, 16, 0, 9, 128]), { ffmpeg });
    expect(pq.treatment).to.deep.equal(["tone-mapped", "bt2020→srgb"]);
    expect(await readFile(at("arguments"), "utf8"))
      .to.include("color_trc=16:color_primaries=9")
      .and.include("tonemap=mobius");
    const p3 = await decodeImage(await described(["colr", ...nclx, 0, 12, 0, 13, 0, 6, 128]), { ffmpeg });
    expect(p3.treatment).to.deep.equal(["smpte432→srgb"]);
  });

  it("is turned and mirrored as it says, whatever ffmpeg would do by itself", async () => {
    const colours = [
      [220, 40, 40],
      [40, 200, 60],
      [50, 70, 210],
      [230, 220, 60],
    ];
    const ffmpeg = await decoderOf("turned", 128, 96);
    await script(ffmpeg, `${version}; echo "$@" > ${at("arguments")}; cat ${at("turned.ppm")}`);
    for (const [properties, order] of [
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
    ] as const) {
      const picture = await decodeImage(await described(...properties), { ffmpeg });
      const { width: w, height: h } = picture;
      const corners = [pixel(picture, 8, 8), pixel(picture, w - 9, 8), pixel(picture, 8, h - 9)];
      corners.push(pixel(picture, w - 9, h - 9));
      expect(corners, JSON.stringify(properties)).to.deep.equal(order.map((quarter) => colours[quarter]));
      expect(picture.treatment).to.deep.equal(["orientation"]);
      expect(await readFile(at("arguments"), "utf8")).to.include("-noautorotate");
    }
  });

  it("needs an ffmpeg", async () => {
    await failure(decodeImage(heic, { ffmpeg: at("missing") }), "ERR_FFMPEG_NOT_FOUND");
  });
});
