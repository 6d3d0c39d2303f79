import { readFile } from "node:fs/promises";
import { PassThrough, Readable } from "node:stream";
import { expect } from "chai";
import sharp from "sharp";
import { decodeImage } from "../../../src/media/image/decodeImage.js";
import { openStdin } from "../../../src/media/inputs/stdin.js";
import { openVideo } from "../../../src/media/video/openVideo.js";
import { collect, counting, failure, ffmpeg, fixture, scratch } from "../helpers.js";

/** The bytes in pieces, so that the first one says little. */
function inPieces(bytes: Buffer, size: number): Readable {
  const count = Math.ceil(bytes.length / size);
  return Readable.from(
    Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size)),
    { objectMode: false },
  );
}

describe("openStdin", () => {
  const at = scratch();
  let jpeg: Buffer;

  before(async () => {
    jpeg = await sharp(fixture("quarters.png")).resize(200, 160).jpeg().toBuffer();
    await ffmpeg(`${counting(35, 10)} -c:v ffv1 ${at("clip.mkv")}`);
  });

  for (const format of ["jpeg", "png", "webp", "avif", "tiff", "gif"] as const) {
    it(`keeps a picture whole: ${format}`, async () => {
      const bytes = await sharp(jpeg).toFormat(format).toBuffer();
      for (const size of [7, 4096, bytes.length]) {
        const opened = await openStdin(inPieces(bytes, size));
        expect(opened).to.be.instanceOf(Uint8Array);
        expect(Buffer.compare(opened as Uint8Array, bytes)).to.equal(0);
      }
      expect(await decodeImage((await openStdin(inPieces(bytes, 1000))) as Uint8Array)).to.include({
        width: 200,
        height: 160,
      });
    });
  }

  it("keeps pictures that are refused by name as pictures", async () => {
    const opened = await openStdin(Readable.from([Buffer.from("<svg xmlns='x'/>")]));
    await failure(decodeImage(opened as Uint8Array), "ERR_INPUT_UNSUPPORTED");
  });

  it("takes nothing from the stream of a video", async () => {
    const bytes = await readFile(at("clip.mkv"));
    for (const size of [100, 4096, 65536, bytes.length]) {
      const opened = await openStdin(inPieces(bytes, size));
      if (!(opened instanceof Readable)) expect.fail("a picture");
      expect(Buffer.compare(Buffer.concat(await opened.toArray()), bytes)).to.equal(0);
    }
    const opened = await openStdin(inPieces(bytes, 1000));
    expect(await collect(openVideo(opened as Readable))).to.have.length(4);
  });

  it("gives a video while its sender goes on", async () => {
    const feed = new PassThrough();
    const bytes = await readFile(at("clip.mkv"));
    feed.write(Buffer.concat([bytes, Buffer.alloc(4096)]));
    expect(await openStdin(feed)).to.equal(feed);
    feed.destroy();
  });

  it("takes JPEG pictures one after another for a video, and those of a multi-picture file for a picture", async () => {
    const motion = Buffer.concat([jpeg, jpeg, jpeg]);
    expect(await openStdin(inPieces(motion, 900))).to.be.instanceOf(Readable);
    const pictures = Buffer.from("\xff\xd8\xff\xe2\0\x08MPF\0\0\0", "latin1");
    const multi = Buffer.concat([pictures, jpeg.subarray(2), jpeg]);
    expect(await openStdin(inPieces(multi, 900))).to.be.instanceOf(Uint8Array);
    const withTail = Buffer.concat([jpeg, Buffer.from("a tail")]);
    expect(await openStdin(inPieces(withTail, 900))).to.be.instanceOf(Uint8Array);
  });

  it("leaves what says nothing, and nothing at all, to ffmpeg", async () => {
    for (const content of [[Buffer.from("text")], []]) {
      const opened = await openStdin(Readable.from(content));
      await failure(collect(openVideo(opened as Readable)), "ERR_VIDEO_DECODE");
    }
  });

  it("keeps no picture without end", async () => {
    const piece = Buffer.alloc(2 ** 20);
    let given = 0;
    function* endless(): Generator<Uint8Array> {
      yield jpeg.subarray(0, 2000);
      for (;;) {
        given += piece.length;
        yield piece;
      }
    }
    const stream = Readable.from(endless());
    await failure(openStdin(stream, undefined, 2 ** 25), "ERR_IMAGE_TOO_LARGE");
    expect(stream.destroyed).to.equal(true);
    expect(given).to.be.below(2 ** 26);
  });

  it("tells what broke off, and ends at an abort though nothing comes", async () => {
    const broken = new PassThrough();
    broken.destroy(new Error("reset"));
    await failure(openStdin(broken), "ERR_INPUT_UNREADABLE");
    const silent = new PassThrough();
    const controller = new AbortController();
    const opening = openStdin(silent, controller.signal);
    controller.abort();
    await failure(opening, "ERR_ABORTED");
    await failure(openStdin(new PassThrough(), AbortSignal.abort()), "ERR_ABORTED");
  });
});
