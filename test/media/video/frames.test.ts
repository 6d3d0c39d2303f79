import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { findFfmpeg } from "../../../src/media/ffmpeg/findFfmpeg.js";
import { openVideo } from "../../../src/media/video/openVideo.js";
import type { OpenVideoOptions } from "../../../src/media/video/openVideoOptions.js";
import { counting, ffmpeg, framesOf, numberOf, scratch, script, wholeFfmpeg } from "../helpers.js";

describe("openVideo: which frames", () => {
  const at = scratch();

  /** Times and numbers of the frames that come out. */
  async function chosen(name: string, options?: OpenVideoOptions): Promise<[time: number, number: number][]> {
    const frames = await framesOf(at(name), options);
    expect(frames.map((frame) => frame.index)).to.deep.equal(frames.map((_, i) => i));
    return frames.map((frame) => [Number(frame.time.toFixed(6)), numberOf(frame)]);
  }

  before(async () => {
    const { eachFrameOnce } = await wholeFfmpeg();
    const asTimed = eachFrameOnce.join(" ");
    await ffmpeg(`${counting(35, 10)} -c:v ffv1 ${at("steady.mkv")}`);
    await ffmpeg(`${counting(3, 30)} -c:v ffv1 ${at("short.mkv")}`);
    // Frames at 0, 0.1, 0.2, 4.7, 5.0, 6.4.
    const times = "0.1*N+gte(N,3)*4.4+gte(N,4)*0.2+gte(N,5)*1.3";
    await ffmpeg(`${counting(6, 10)} -vf setpts='(${times})/TB' ${asTimed} -c:v ffv1 ${at("gaps.mkv")}`);
    await ffmpeg(`${counting(25, 10)} -c:v ffv1 -output_ts_offset 7 ${at("late.mkv")}`);
    await ffmpeg(
      `-f lavfi -i sine=d=4 -itsoffset 0.5 ${counting(30, 10)} -map 0 -map 1 -c:a pcm_s16le -c:v ffv1 ${at("after-sound.mkv")}`,
    );
    await ffmpeg(`${counting(1, 10)} -c:v ffv1 ${at("single.mkv")}`);
  });

  it("takes one frame per second by default: those at 0, 1, 2, …", async () => {
    expect(await chosen("steady.mkv")).to.deep.equal([
      [0, 0],
      [1, 10],
      [2, 20],
      [3, 30],
    ]);
  });

  it("takes the first frame at or after each moment where none is at the moment itself", async () => {
    const times = (await framesOf(at("steady.mkv"), { every: 1 })).map((frame) => frame.time);
    expect(times).to.deep.equal(Array.from({ length: 35 }, (_, n) => n / 10));
    expect(await chosen("steady.mkv", { fps: 0.8 })).to.deep.equal([
      [0, 0],
      [1.3, 13],
      [2.5, 25],
    ]);
  });

  it("takes the first frame at or after each of some moments", async () => {
    expect(await chosen("steady.mkv", { moments: [-1, 0.95, 0.96, 3.4] })).to.deep.equal([
      [0, 0],
      [1, 10],
      [3.4, 34],
    ]);
    expect(await chosen("gaps.mkv", { moments: [4.5] })).to.deep.equal([[4.7, 3]]);
  });

  it("takes each frame once where more are asked for than there are", async () => {
    expect(await chosen("short.mkv", { fps: 120 })).to.have.length(3);
  });

  it("gives one frame of a clip that is shorter than the interval", async () => {
    expect(await chosen("short.mkv")).to.deep.equal([[0, 0]]);
    expect(await chosen("short.mkv", { fps: 0.01 })).to.deep.equal([[0, 0]]);
  });

  it("follows a variable frame rate, and repeats nothing over a gap", async () => {
    expect(await chosen("gaps.mkv")).to.deep.equal([
      [0, 0],
      [4.7, 3],
      [5, 4],
      [6.4, 5],
    ]);
  });

  it("counts time from the start of the clip, wherever its clock starts", async () => {
    expect(await chosen("late.mkv")).to.deep.equal([
      [0, 0],
      [1, 10],
      [2, 20],
    ]);
  });

  it("tells the player's time where the sound begins before the picture", async () => {
    expect(await chosen("after-sound.mkv")).to.deep.equal([
      [0.5, 0],
      [1, 5],
      [2, 15],
      [3, 25],
    ]);
  });

  it("takes every k-th frame", async () => {
    expect((await chosen("steady.mkv", { every: 12 })).map(([, n]) => n)).to.deep.equal([0, 12, 24]);
    expect((await chosen("gaps.mkv", { every: 2 })).map(([, n]) => n)).to.deep.equal([0, 2, 4]);
  });

  it("takes N uniform frames: those on screen at the middles of N equal parts", async () => {
    // Middles of 3.5 s in four: 0.4375, 1.3125, 2.1875, 3.0625.
    expect((await chosen("steady.mkv", { frames: 4 })).map(([, n]) => n)).to.deep.equal([4, 13, 21, 30]);
    expect((await chosen("steady.mkv", { frames: 1 })).map(([, n]) => n)).to.deep.equal([17]);
    expect((await chosen("late.mkv", { frames: 5 })).map(([, n]) => n)).to.deep.equal([2, 7, 12, 17, 22]);
  });

  it("takes the frames there are where N is more", async () => {
    expect((await chosen("short.mkv", { frames: 10 })).map(([, n]) => n)).to.deep.equal([0, 1, 2]);
    expect(await chosen("single.mkv", { frames: 3 })).to.deep.equal([[0, 0]]);
  });

  it("stops after maxFrames", async () => {
    expect(await chosen("steady.mkv", { maxFrames: 2 })).to.have.length(2);
  });

  it("can be left early, and ends ffmpeg then", async () => {
    const ffmpegPath = at("ffmpeg");
    await script(ffmpegPath, `echo $$ > ${at("pid")}; exec ${(await findFfmpeg()).path} "$@"`);
    for await (const frame of openVideo(at("steady.mkv"), { every: 1, ffmpeg: ffmpegPath })) {
      if (frame.index === 1) break;
    }
    const pid = Number(await readFile(at("pid"), "utf8"));
    expect(() => process.kill(pid, 0)).to.throw("ESRCH");
  });
});
