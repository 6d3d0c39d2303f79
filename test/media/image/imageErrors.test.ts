import { mkdir, writeFile } from "node:fs/promises";
import { expect } from "chai";
import sharp, { type Sharp } from "sharp";
import { decodeImage } from "../../../src/media/image/decodeImage.js";
import { wrapInTiff } from "../../../src/media/image/tiff.js";
import { failure, fixture, scratch } from "../helpers.js";
import { crc32 } from "./pngChunk.js";

describe("decodeImage: what it cannot read", () => {
  const at = scratch();

  const noise = (): Sharp =>
    sharp({
      create: {
        width: 200,
        height: 150,
        channels: 3,
        background: "grey",
        noise: { type: "gaussian", mean: 128, sigma: 40 },
      },
    });

  for (const format of ["jpeg", "png", "webp", "avif", "tiff", "gif"] as const) {
    it(`refuses a ${format} that is cut short anywhere`, async () => {
      const bytes = await noise().toFormat(format).toBuffer();
      await decodeImage(bytes);
      for (const part of [0.05, 0.5, 0.95]) {
        const cut = bytes.subarray(0, Math.floor(part * bytes.length));
        const { message } = await failure(decodeImage(cut), "ERR_IMAGE_DECODE");
        expect(message).to.include("save it anew");
      }
    });
  }

  it("refuses an empty file, a text and random bytes", async () => {
    await writeFile(at("empty.jpg"), "");
    expect((await failure(decodeImage(at("empty.jpg")), "ERR_IMAGE_DECODE")).message).to.include("0 bytes");
    await writeFile(at("letter.jpg"), "Dear reader, this is a letter.");
    expect((await failure(decodeImage(at("letter.jpg")), "ERR_IMAGE_DECODE")).message).to.include(
      "Dear reader",
    );
    await failure(
      decodeImage(Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251)),
      "ERR_IMAGE_DECODE",
    );
    await writeFile(at("letter.svg"), "Dear reader, no drawing.");
    expect((await failure(decodeImage(at("letter.svg")), "ERR_IMAGE_DECODE")).message).to.include("Dear");
    for (let length = 0; length < 16; length++)
      await failure(decodeImage(new Uint8Array(length)), "ERR_IMAGE_DECODE");
  });

  it("names a file that is missing, a folder and a URL for what they are", async () => {
    await failure(decodeImage(at("nothing.png")), "ERR_INPUT_NOT_FOUND");
    await mkdir(at("folder.png"));
    await failure(decodeImage(at("folder.png")), "ERR_INPUT_UNSUPPORTED");
    await failure(decodeImage("/dev/zero"), "ERR_INPUT_UNSUPPORTED");
    for (const url of ["https://example.com/a.png", "http://localhost/a.png", "s3://bucket/a.png"]) {
      expect((await failure(decodeImage(url), "ERR_INPUT_UNSUPPORTED")).message).to.include(
        "Download it first",
      );
    }
  });

  it("refuses drawings, documents and other formats, whatever they are called", async () => {
    const foreign: Record<string, [type: string, bytes: string]> = {
      svg: ["SVG", '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
      "svg after xml": ["SVG", '<?xml version="1.0"?>\n<!-- a -->\n<svg width="9" height="9"></svg>'],
      pdf: ["PDF", "%PDF-1.7 and so on"],
      psd: ["Photoshop", "8BPS\0\x01 and so on"],
      jxl: ["JPEG XL", "\0\0\0\x0cJXL \r\n\x87\n"],
      mp4: ["video", "\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41"],
    };
    for (const [name, [type, text]] of Object.entries(foreign)) {
      const bytes = Buffer.from(text, "latin1");
      await writeFile(at("foreign.jpg"), bytes);
      for (const source of [bytes, at("foreign.jpg")]) {
        expect((await failure(decodeImage(source), "ERR_INPUT_UNSUPPORTED")).message, name).to.include(type);
      }
    }
  });

  it("refuses camera RAW, by name and by content, and tells the remedy", async () => {
    const tiff = await noise().tiff().toBuffer();
    await writeFile(at("photo.NEF"), tiff);
    const thumbnailFirst = Buffer.concat([
      Buffer.from("II*\0\x08\0\0\0", "latin1"),
      Buffer.from([1, 0, 254, 0, 4, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]),
    ]);
    const dng = Buffer.concat([
      Buffer.from("MM\0*\0\0\0\x08", "latin1"),
      Buffer.from([0, 1, 0xc6, 0x12, 0, 1, 0, 0, 0, 4, 1, 4, 0, 0, 0, 0, 0, 0]),
    ]);
    const others = [
      "II*\0\x10\0\0\0CR\x02\0",
      "FUJIFILMCCD-RAW 0201",
      "\0\0\0\x18ftypcrx \0\0\0\x01crx isom",
    ];
    for (const source of [
      at("photo.NEF"),
      thumbnailFirst,
      dng,
      ...others.map((text) => Buffer.from(text, "latin1")),
    ]) {
      const { message } = await failure(decodeImage(source), "ERR_INPUT_UNSUPPORTED");
      expect(message).to.include("camera RAW").and.include("Develop it first");
    }
  });

  it("refuses samples of floating point, which have no agreed white", async () => {
    const data = Buffer.from(new Float32Array(12).fill(0.5).buffer);
    // In the profile's place, the sample format: floating point, three times.
    const float = Buffer.from(wrapInTiff({ width: 2, height: 2, data }, Buffer.from([3, 0, 3, 0, 3, 0])));
    const [field, bits] = [10 + 12 * 9, 10 + 12 * 10 + 4];
    float.writeUInt16LE(339, field);
    float.writeUInt16LE(3, field + 2);
    float.writeUInt32LE(3, field + 4);
    for (let sample = 0; sample < 3; sample++) float.writeUInt16LE(32, bits + 2 * sample);
    const { message } = await failure(decodeImage(float), "ERR_INPUT_UNSUPPORTED");
    expect(message).to.include("float");
  });

  it("refuses too many pixels before it decodes them, and states the limit", async () => {
    const bytes = await noise().png().toBuffer();
    const { message } = await failure(decodeImage(bytes, { maxPixels: 29999 }), "ERR_IMAGE_TOO_LARGE");
    expect(message).to.include("29999").and.include("200×150").and.include("--max-pixels");
    await decodeImage(bytes, { maxPixels: 30000 });
    // A PNG of 30000 × 30000 pixels that holds none of them.
    const huge = Buffer.from(bytes);
    huge.writeUInt32BE(30000, 16);
    huge.writeUInt32BE(30000, 20);
    huge.writeUInt32BE(crc32(huge.subarray(12, 29)), 29);
    expect((await failure(decodeImage(huge), "ERR_IMAGE_TOO_LARGE")).message).to.include("67108864");
  });

  it("stops at an abort", async () => {
    await failure(decodeImage(fixture("quarters.png"), { signal: AbortSignal.abort() }), "ERR_ABORTED");
    const controller = new AbortController();
    const decoding = decodeImage(fixture("quarters.png"), { signal: controller.signal });
    controller.abort();
    await failure(decoding, "ERR_ABORTED");
  });
});
