import { readFile, rm, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { findFfmpeg } from "../../../src/media/ffmpeg/findFfmpeg.js";
import { readPpm } from "../../../src/media/ffmpeg/ppm.js";
import { failure, ffmpeg, framesOf, scratch, script } from "../helpers.js";

describe("openVideo: limits", () => {
  const at = scratch();

  before(async () => {
    const { path } = await findFfmpeg();
    await script(at("ffmpeg"), `[ "$2" = -version ] || echo "$@" >> ${at("calls")}; exec ${path} "$@"`);
    await ffmpeg(`-f lavfi -i color=gray:s=1200x1000:r=5:d=0.4 -c:v mpeg4 ${at("large.mkv")}`);
  });

  beforeEach(() => rm(at("calls"), { force: true }));

  const decodes = async (): Promise<number> => {
    const calls = await readFile(at("calls"), "utf8").catch(() => "");
    return calls.split("\n").filter((call) => call.includes("rawvideo") || call.includes("ppm")).length;
  };

  it("refuses frames above the pixel limit before it decodes any", async () => {
    const options = { maxPixels: 1_199_999, ffmpeg: at("ffmpeg") };
    const { message } = await failure(framesOf(at("large.mkv"), options), "ERR_IMAGE_TOO_LARGE");
    expect(message).to.include("1200×1000").and.include("1199999");
    expect(await decodes()).to.equal(0);
    expect(await framesOf(at("large.mkv"), { maxPixels: 1_200_000 })).to.have.length(1);
  });

  it("keeps ffmpeg itself from decoding what is larger than the header says", async () => {
    // A picture of 6000×5000 in a file that says 64×48.
    await ffmpeg(`-f lavfi -i color=gray:s=6000x5000:r=5:d=0.2 -c:v mjpeg ${at("liar.mkv")}`);
    const bytes = await readFile(at("liar.mkv"));
    const width = bytes.indexOf(Buffer.from([0xb0, 0x82, 6000 >> 8, 6000 & 255]));
    bytes.set([0xb0, 0x82, 0, 64, 0xba, 0x82, 0, 48], width);
    await writeFile(at("liar.mkv"), bytes);
    await failure(framesOf(at("liar.mkv"), { maxPixels: 100_000 }), "ERR_VIDEO_DECODE");
  });

  it("counts the pixels that frames have when their pixels are square", async () => {
    await ffmpeg(`-f lavfi -i color=red:s=64x48:r=5:d=0.4 -vf setsar=10/1 -c:v ffv1 ${at("wide.mkv")}`);
    await failure(framesOf(at("wide.mkv"), { maxPixels: 30_000 }), "ERR_IMAGE_TOO_LARGE");
    const [frame] = await framesOf(at("wide.mkv"), { maxPixels: 31_000 });
    expect([frame?.width, frame?.height]).to.deep.equal([640, 48]);
  });

  it("refuses pixels that no camera has", async () => {
    for (const aspect of ["4000/1", "1/4000", "250/1", "17/1"]) {
      await ffmpeg(`-f lavfi -i color=red:s=64x48:r=5:d=0.4 -vf setsar=${aspect} -c:v ffv1 ${at("odd.nut")}`);
      const { message } = await failure(framesOf(at("odd.nut")), "ERR_IMAGE_TOO_LARGE");
      expect(message, aspect).to.include("16:1");
    }
  });

  it("gives every frame the first one's size, whatever aspect a later one claims", async () => {
    for (const [aspect, name] of [
      ["4/3", "one.ts"],
      ["16/9", "two.ts"],
    ] as const) {
      const clip = `-f lavfi -i color=red:s=72x48:r=10:d=1.5 -aspect ${aspect} -c:v mpeg2video -q:v 2`;
      await ffmpeg(`${clip} ${at(name)}`);
    }
    const joined = Buffer.concat([await readFile(at("one.ts")), await readFile(at("two.ts"))]);
    await writeFile(at("joined.ts"), joined);
    const sizes = (await framesOf(at("joined.ts"), { fps: 2 })).map(
      ({ width, height }) => `${width}x${height}`,
    );
    expect(sizes).to.deep.equal(Array(6).fill("72x54"));
  });
});

describe("readPpm: limit", () => {
  it("allocates for no picture above it", async () => {
    const header = [Buffer.from("P6\n60000 60000\n255\n")];
    const error: unknown = await readPpm(header as unknown as AsyncIterable<Uint8Array>, 1e6)
      .next()
      .catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(Error).with.property("message").that.includes("1000000");
  });
});
