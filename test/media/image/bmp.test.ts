import { readFile, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { decodeImage } from "../../../src/media/image/decodeImage.js";
import { expectNear, failure, ffmpeg, fixture, pixel, scratch, script } from "../helpers.js";

/** A picture of 8 by 4 pixels in 256 colours, run-length encoded: left half red, right half blue. */
function runLengths(): Buffer {
  const rows = Array.from({ length: 4 }, () => [4, 0, 4, 1, 0, 0]).flat();
  const pixels = Buffer.from([...rows, 0, 1]);
  const palette = Buffer.alloc(1024);
  palette.set([40, 40, 220, 0, 210, 70, 50, 0]);
  const header = Buffer.alloc(54);
  header.write("BM");
  header.writeUInt32LE(54 + 1024 + pixels.length, 2);
  header.writeUInt32LE(54 + 1024, 10);
  [40, 8, 4].forEach((value, i) => header.writeInt32LE(value, 14 + 4 * i));
  [1, 8].forEach((value, i) => header.writeUInt16LE(value, 26 + 2 * i));
  header.writeUInt32LE(1, 30);
  header.writeUInt32LE(pixels.length, 34);
  return Buffer.concat([header, palette, pixels]);
}

describe("decodeImage: BMP", () => {
  const at = scratch();

  before(() => ffmpeg(`-i ${fixture("quarters.png")} -pix_fmt bgr24 ${at("quarters%d.bmp")}`));

  it("is decoded by ffmpeg, from a file of any name and from memory", async () => {
    const png = await decodeImage(fixture("quarters.png"));
    const bytes = await readFile(at("quarters1.bmp"));
    await writeFile(at("100%d.bmp"), bytes);
    for (const source of [at("quarters1.bmp"), at("100%d.bmp"), bytes]) {
      const picture = await decodeImage(source);
      expect([picture.width, picture.height, picture.treatment]).to.deep.equal([png.width, png.height, []]);
      expect(Buffer.compare(Buffer.from(picture.data), Buffer.from(png.data))).to.equal(0);
    }
  });

  it("may be run-length encoded", async () => {
    const picture = await decodeImage(runLengths());
    expect([picture.width, picture.height]).to.deep.equal([8, 4]);
    expectNear(pixel(picture, 1, 1), [220, 40, 40], 0);
    expectNear(pixel(picture, 6, 2), [50, 70, 210], 0);
  });

  it("is an error where it is cut short", async () => {
    const whole = runLengths();
    for (const length of [20, 54, 1078, whole.length - 8]) {
      const { message } = await failure(decodeImage(whole.subarray(0, length)), "ERR_IMAGE_DECODE");
      expect(message).to.include("ends too early");
    }
    const lying = Buffer.from(whole.subarray(0, 54));
    lying.writeUInt32LE(54, 2);
    expect((await failure(decodeImage(lying), "ERR_IMAGE_DECODE")).message).to.include("save it as PNG");
  });

  it("is refused above the pixel limit before it is decoded", async () => {
    const huge = runLengths();
    huge.writeInt32LE(40000, 18);
    huge.writeInt32LE(-40000, 22);
    const { message } = await failure(decodeImage(huge), "ERR_IMAGE_TOO_LARGE");
    expect(message).to.include("40000×40000");
  });

  it("needs an ffmpeg", async () => {
    await failure(decodeImage(runLengths(), { ffmpeg: at("missing") }), "ERR_FFMPEG_NOT_FOUND");
  });

  it("says what an ffmpeg that gives nothing complains of", async () => {
    await script(at("silent"), '[ "$2" = -version ] && echo "ffmpeg version 99" && exit; exit 1');
    const { message } = await failure(
      decodeImage(runLengths(), { ffmpeg: at("silent") }),
      "ERR_IMAGE_DECODE",
    );
    expect(message).to.include("it gives no picture");
  });
});
