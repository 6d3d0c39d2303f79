import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { PassThrough, Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import type { Frame } from "../../../src/media/picture.js";
import { openVideo } from "../../../src/media/video/openVideo.js";
import { collect, counting, failure, ffmpeg, framesOf, numberOf, scratch } from "../helpers.js";

/** Each frame has a function of its own that lets its memory go. */
const shown = (frame: Frame) => ({ ...frame, release: undefined });

describe("openVideo: streams", () => {
  const at = scratch();

  before(async () => {
    await ffmpeg(`${counting(35, 10)} -c:v ffv1 ${at("clip.mkv")}`);
    await ffmpeg(`-f lavfi -i testsrc2=s=160x120:r=10:d=2 -c:v mpeg4 ${at("index-last.mp4")}`);
    // 300 frames, 52 MB, of which the pipes and queues on the way hold a small part.
    await ffmpeg(`-f lavfi -i testsrc2=s=320x180:r=10:d=30 -pix_fmt yuv444p -c:v rawvideo ${at("big.nut")}`);
  });

  it("reads a video from a stream as it reads it from a file", async () => {
    for (const options of [{}, { fps: 3 }, { every: 7 }]) {
      const streamed = await framesOf(createReadStream(at("clip.mkv")), options);
      const read = await framesOf(at("clip.mkv"), options);
      expect(streamed.map(shown)).to.deep.equal(read.map(shown));
    }
  });

  it("reads one that arrives in small pieces", async () => {
    const bytes = await readFile(at("clip.mkv"));
    const pieces = Array.from({ length: Math.ceil(bytes.length / 100) }, (_, i) =>
      bytes.subarray(100 * i, 100 * i + 100),
    );
    expect((await framesOf(Readable.from(pieces))).map(numberOf)).to.deep.equal([0, 10, 20, 30]);
  });

  it("gives frames of a feed while it still runs", async () => {
    const feed = new PassThrough();
    const bytes = await readFile(at("big.nut"));
    feed.write(bytes.subarray(0, bytes.length / 2));
    const frames = openVideo(feed)[Symbol.asyncIterator]();
    const first = await frames.next();
    expect(first.value).to.have.property("time", 0);
    await frames.return?.();
    expect(feed.destroyed).to.equal(true);
  });

  it("reads no faster than the frames are taken", async () => {
    const bytes = await readFile(at("big.nut"));
    let given = 0;
    function* pieces(): Generator<Uint8Array> {
      for (let from = 0; from < bytes.length; from += 65536) {
        const piece = bytes.subarray(from, from + 65536);
        given += piece.length;
        yield piece;
      }
    }
    for await (const frame of openVideo(Readable.from(pieces()), { every: 1 })) {
      if (frame.index !== 12) continue;
      await setTimeout(500);
      break;
    }
    expect(given).to.be.below(0.4 * bytes.length);
  });

  it("says what to do where a stream cannot be read from front to back", async () => {
    const error = await failure(framesOf(createReadStream(at("index-last.mp4"))), "ERR_VIDEO_DECODE");
    expect(error.message).to.include("faststart");
  });

  it("cannot know the middle of a stream", async () => {
    const error = await failure(
      framesOf(createReadStream(at("clip.mkv")), { frames: 4 }),
      "ERR_INVALID_ARGUMENT",
    );
    expect(error.message).to.include("give a file");
  });

  it("passes on what goes wrong with the stream itself", async () => {
    await failure(framesOf(createReadStream(at("nothing.mkv"))), "ERR_INPUT_UNREADABLE");
    await failure(collect(openVideo(Readable.from([]))), "ERR_VIDEO_DECODE");
  });
});
