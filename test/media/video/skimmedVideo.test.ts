import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { findFfmpeg } from "../../../src/media/ffmpeg/findFfmpeg.js";
import { openVideo } from "../../../src/media/video/openVideo.js";
import type { OpenVideoOptions } from "../../../src/media/video/openVideoOptions.js";
import { collect, ffmpeg, scratch, script } from "../helpers.js";

/** Frames of a stream are all decoded: those of a file must be the same to the bit. */
describe("openVideo: packets left out", () => {
  const at = scratch();
  const noise = "-f lavfi -i testsrc2=s=96x64:r=15:d=5,noise=alls=20:allf=t,format=yuv420p";
  const x264 = `${noise} -c:v libx264 -preset veryfast`;
  const x265 = `${noise} -c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=20:bframes=3`;

  before(async () => {
    const { path } = await findFfmpeg();
    await script(at("ffmpeg"), `[ "$2" = -version ] || echo "$@" >> ${at("calls")}; exec ${path} "$@"`);
  });

  async function framesOf(source: Parameters<typeof openVideo>[0], options: OpenVideoOptions) {
    const video = openVideo(source, { ...options, ffmpeg: at("ffmpeg") });
    const frames = (await collect(video)).map(({ data, ...frame }) => {
      return { ...frame, release: undefined, data: createHash("sha1").update(data).digest("hex") };
    });
    return { frames, warnings: video.warnings };
  }

  type Way = "some" | "all" | "some, then all";

  /** How the last video's pictures were decoded: by how many runs of ffmpeg, and from what. */
  async function way(): Promise<Way> {
    const calls = (await readFile(at("calls"), "utf8")).split("\n");
    const decoding = calls.filter((call) => call.includes("-c:v ppm"));
    const some = decoding.filter((call) => call.includes("-xerror")).length;
    return some === 0 ? "all" : decoding.length === 1 ? "some" : "some, then all";
  }

  async function expectSame(name: string, expected: Way, asked: readonly OpenVideoOptions[] = [{}]) {
    for (const options of asked) {
      const whole = await framesOf(createReadStream(at(name)), options);
      await rm(at("calls"));
      const file = await framesOf(at(name), options);
      expect(file, `${name} ${JSON.stringify(options)}`).to.deep.equal(whole);
      expect(file.frames).to.have.length.above(1);
      expect(await way(), name).to.equal(expected);
    }
  }

  const faststart = "-movflags +faststart";

  it("gives the same frames of H.264 with short and long groups of pictures", async () => {
    await ffmpeg(`${x264} -g 15 ${faststart} ${at("short.mp4")}`);
    await ffmpeg(`${x264} -bf 3 -b_strategy 0 ${at("long.mkv")}`);
    await ffmpeg(`${x264} -bf 0 -g 40 ${faststart} ${at("no-b.mp4")}`);
    for (const name of ["short.mp4", "long.mkv", "no-b.mp4"]) {
      await expectSame(name, "some", [{ fps: 0.4 }, { fps: 4 }, { moments: [-1, 1.02, 1.03, 3.3] }]);
    }
  });

  it("gives the same frames of open groups of pictures, and of gradual refresh", async () => {
    await ffmpeg(`${x264} -x264-params open-gop=1:keyint=20:bframes=4 ${faststart} ${at("open.mp4")}`);
    await ffmpeg(`${x264} -x264-params intra-refresh=1:keyint=20 ${at("refresh.mkv")}`);
    for (const name of ["open.mp4", "refresh.mkv"]) await expectSame(name, "some");
  });

  it("gives the same frames of HEVC", async () => {
    await ffmpeg(`${x265}:open-gop=0 -tag:v hvc1 ${faststart} ${at("closed.mp4")}`);
    await ffmpeg(`${x265}:open-gop=1 ${at("open.mkv")}`);
    for (const name of ["closed.mp4", "open.mkv"]) await expectSame(name, "some");
  });

  it("gives the same frames of a variable rate, of fragments, and of clocks that start elsewhere", async () => {
    const { eachFrameOnce } = await findFfmpeg("ffmpeg");
    const drawn = `-vf setpts='(N+5*floor(N/7))/15/TB' ${eachFrameOnce.join(" ")}`;
    await ffmpeg(`${x264} ${drawn} -g 25 ${at("varying.mkv")}`);
    await ffmpeg(`${x264} -g 20 -movflags frag_keyframe+empty_moov ${at("fragments.mp4")}`);
    await ffmpeg(`-i ${at("varying.mkv")} -c copy -output_ts_offset 7 ${at("late.mkv")}`);
    const sound = `-f lavfi -i sine=d=5 -itsoffset 0.5 -i ${at("varying.mkv")} -map 0 -map 1 -c:a aac`;
    await ffmpeg(`${sound} -c:v copy ${faststart} ${at("after-sound.mp4")}`);
    for (const name of ["varying.mkv", "fragments.mp4", "late.mkv", "after-sound.mp4"]) {
      await expectSame(name, "some");
    }
  });

  it("treats frames alike: turned, oblong, of full range and of ten bits", async () => {
    await ffmpeg(`${x264} -g 20 -vf setsar=4/3 ${faststart} ${at("oblong.mp4")}`);
    await ffmpeg(`${x264} -g 20 -vf scale=out_range=pc -color_range pc ${at("full.mkv")}`);
    await ffmpeg(`${x264} -g 20 -pix_fmt yuv420p10 -color_trc smpte2084 ${at("ten.mkv")}`);
    for (const name of ["oblong.mp4", "full.mkv", "ten.mkv"]) await expectSame(name, "some", [{}]);
    // A matrix in the track's header: a quarter turn.
    const bytes = await readFile(at("oblong.mp4"));
    const matrix = bytes.indexOf("tkhd") + 4 + 40;
    [0, 65536, 0, -65536, 0].forEach((value, i) => bytes.writeInt32BE(value, matrix + 4 * i));
    await writeFile(at("turned.mp4"), bytes);
    await expectSame("turned.mp4", "some", [{}]);
    const { frames } = await framesOf(at("turned.mp4"), {});
    expect(frames[0]?.treatment).to.include("rotated 90");
  });

  it("decodes all of codecs and containers that do not tell", async () => {
    await ffmpeg(`${noise} -c:v libvpx-vp9 -deadline realtime -g 20 ${at("vp9.webm")}`);
    await ffmpeg(`${x264} -flags +ildct+ilme -g 20 ${at("fields.mkv")}`);
    for (const name of ["vp9.webm", "fields.mkv"]) await expectSame(name, "all", [{}]);
    await ffmpeg(`${x264} -g 20 ${at("clip.ts")}`);
    await expectSame("clip.ts", "some, then all", [{}]);
    await ffmpeg(`${x264} -g 20 ${at("every.mkv")}`);
    await expectSame("every.mkv", "all", [{ every: 10 }]);
  });

  it("decodes all where something is not as expected", async () => {
    await ffmpeg(`${x264} -g 30 ${at("whole.mkv")}`);
    await ffmpeg(`-ss 2.4 -i ${at("whole.mkv")} -c copy ${faststart} ${at("trimmed.mp4")}`);
    await expectSame("trimmed.mp4", "some, then all", [{ fps: 2 }]);
    const bytes = await readFile(at("whole.mkv"));
    await writeFile(at("cut.mkv"), bytes.subarray(0, Math.round(bytes.length * 0.7)));
    const { frames, warnings } = await framesOf(at("cut.mkv"), {});
    expect(frames.map(({ time }) => time)).to.deep.equal([0, 1, 2, 3]);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.include("cut short");
  });

  it("decodes all of a damaged clip, and tells", async () => {
    await ffmpeg(`${x264} -g 30 ${faststart} ${at("sound.mp4")}`);
    const bytes = await readFile(at("sound.mp4"));
    const from = Math.round(bytes.length * 0.7);
    await writeFile(at("damaged.mp4"), bytes.fill(0x55, from, from + 3000));
    await rm(at("calls"));
    const { frames, warnings } = await framesOf(at("damaged.mp4"), {});
    expect(frames.length).to.be.within(4, 5);
    expect(warnings).to.have.length(1);
    expect(await way()).to.equal("some, then all");
  });
});
