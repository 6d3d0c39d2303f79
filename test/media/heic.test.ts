import { readFile, writeFile } from "node:fs/promises";
import { expect } from "chai";
import sharp from "sharp";
import { TonescoreError } from "../../src/errors.js";
import { decodeImage } from "../../src/media/image.js";
import type { Picture } from "../../src/media/picture.js";
import { expectNear, failure, ffmpeg as makeWithFfmpeg, fixture, pixel, scratch, script } from "./helpers.js";

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

  it("refuses HDR rather than show it too dark", async () => {
    const ffmpeg = await decoderOf("hdr", 128, 96);
    const hdr = "-colorspace bt2020nc -color_primaries bt2020 -color_trc smpte2084";
    await makeWithFfmpeg(`-f lavfi -i color=red:s=32x32 -frames:v 1 -c:v ffv1 ${hdr} ${at("hdr.mkv")}`);
    const answer = `case "$*" in *"-f matroska"*) cat ${at("hdr.mkv")};; *) cat ${at("hdr.ppm")};; esac`;
    await script(ffmpeg, `${version}; ${answer}`);
    expect((await failure(decodeImage(heic, { ffmpeg }), "ERR_IMAGE_DECODE")).message).to.include("HDR");
  });

  it("needs an ffmpeg", async () => {
    await failure(decodeImage(heic, { ffmpeg: at("missing") }), "ERR_FFMPEG_NOT_FOUND");
  });
});
