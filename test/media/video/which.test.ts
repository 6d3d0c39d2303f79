import { readFile, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { openVideo } from "../../../src/media/video/openVideo.js";
import type { OpenVideoOptions } from "../../../src/media/video/openVideoOptions.js";
import {
  collect,
  counting,
  failure,
  ffmpeg,
  framesOf,
  numberOf,
  pixel,
  expectNear,
  scratch,
} from "../helpers.js";

describe("openVideo: which stream", () => {
  const at = scratch();
  const red = "-f lavfi -i color=red:s=64x48:r=5:d=1";
  const blue = "-f lavfi -i color=blue:s=32x24:r=5:d=1";

  it("takes the default stream, in every pass, and tells that there are others", async () => {
    const disposition = "-disposition:v:0 0 -disposition:v:1 default";
    await ffmpeg(`${red} ${blue} -map 0 -map 1 -c:v ffv1 ${disposition} ${at("two.mkv")}`);
    for (const options of [{}, { frames: 2 }, { every: 2 }]) {
      const video = openVideo(at("two.mkv"), options);
      const frames = await collect(video);
      expect(
        frames.map(({ width }) => width),
        JSON.stringify(options),
      )
        .to.include(32)
        .and.not.include(64);
      expect(video.warnings).to.have.length(1);
      expect(video.warnings[0]).to.include("2 video streams").and.include("number 2");
    }
  });

  it("takes the largest of several defaults, and the first of none", async () => {
    await ffmpeg(`${blue} ${red} -map 0 -map 1 -c:v mpeg4 -disposition:v default ${at("both.mp4")}`);
    expect((await framesOf(at("both.mp4")))[0]?.width).to.equal(64);
    await ffmpeg(`${blue} ${blue} -map 0 -map 1 -c:v ffv1 -disposition:v 0 ${at("none.mkv")}`);
    expect((await framesOf(at("none.mkv")))[0]?.width).to.equal(32);
  });

  it("takes no cover art for the larger of two", async () => {
    const cover = "-f lavfi -i color=green:s=200x200:d=0.2:r=5 -map 0 -map 1";
    await ffmpeg(
      `${blue} ${cover} -c:v:0 mpeg4 -c:v:1 mjpeg -disposition:v:1 attached_pic ${at("cover.mp4")}`,
    );
    const video = openVideo(at("cover.mp4"));
    expect((await collect(video))[0]?.width).to.equal(32);
    expect(video.warnings).to.deep.equal([]);
  });
});

describe("openVideo: streams without times of presentation", () => {
  const at = scratch();

  before(async () => {
    await ffmpeg(`${counting(50, 10)} -c:v mpeg4 -q:v 2 -bf 2 ${at("b.mp4")}`);
    await ffmpeg(`-i ${at("b.mp4")} -c copy ${at("b.avi")}`);
    await ffmpeg(`${counting(50, 10)} -c:v mpeg4 -q:v 2 -bf 2 ${at("b.m4v")}`);
  });

  const names = ["b.mp4", "b.avi", "b.m4v"];

  async function chosen(name: string, options: OpenVideoOptions): Promise<[number, number][]> {
    return (await framesOf(at(name), options)).map((frame) => [frame.time, numberOf(frame)]);
  }

  it("gives as many uniform frames as others do", async () => {
    for (const name of names) {
      const numbers = (await chosen(name, { frames: 4 })).map(([, number]) => number);
      expect(numbers, name).to.deep.equal([6, 18, 31, 43]);
    }
  });

  it("counts time from the first frame, and gives none too many", async () => {
    for (const name of names) {
      const expected = [0, 1, 2, 3, 4].map((time) => [time, 10 * time]);
      expect(await chosen(name, {}), name).to.deep.equal(expected);
      expect(await chosen(name, { moments: [-1, 0.95, 4.2] }), name).to.deep.equal([
        [0, 0],
        [1, 10],
        [4.2, 42],
      ]);
      expect(
        (await chosen(name, { every: 20 })).map(([, n]) => n),
        name,
      ).to.deep.equal([0, 20, 40]);
    }
  });
});

describe("openVideo: motion JPEG without a container", () => {
  const at = scratch();
  const clip = "-f lavfi -i testsrc2=s=160x120:r=5:d=2 -c:v mjpeg";

  /** A JPEG as it is, with segments put behind its first marker. */
  const withSegments = (jpeg: Buffer, ...segments: Buffer[]): Buffer =>
    Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);

  const segment = (marker: number, content: Buffer): Buffer =>
    Buffer.concat([
      Buffer.from([0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 255]),
      content,
    ]);

  it("is a video, however its pictures begin, and not the first of them", async () => {
    await ffmpeg(`${clip} -f mjpeg ${at("plain.mjpeg")}`);
    const jpegs = await readFile(at("plain.mjpeg"));
    const thumbnail = jpegs.subarray(0, jpegs.indexOf(Buffer.from([0xff, 0xd9])) + 2);
    const beginnings = {
      "plain.mjpg": [],
      "comment.mjpeg": [segment(0xfe, Buffer.from("made by\nhand"))],
      "exif.MJPG": [segment(0xe1, Buffer.concat([Buffer.from("Exif\0\0II*\0"), thumbnail]))],
    };
    for (const [name, segments] of Object.entries(beginnings)) {
      await writeFile(at(name), withSegments(jpegs, ...segments));
      expect(await framesOf(at(name), { frames: 5 }), name).to.have.length(5);
      expect(await framesOf(at(name), { every: 1 }), name).to.have.length(10);
    }
  });

  it("is not looked for in what has another beginning", async () => {
    await ffmpeg(`${clip} -f avi ${at("avi.mjpeg")}`);
    expect(await framesOf(at("avi.mjpeg"), { every: 1 })).to.have.length(10);
    await writeFile(at("text.mjpeg"), "ffconcat version 1.0\nfile plain.mjpeg\n");
    await failure(framesOf(at("text.mjpeg")), "ERR_INPUT_UNSUPPORTED");
  });
});

describe("openVideo: transparency", () => {
  const at = scratch();
  const half = "-f lavfi -i color=red:s=64x48:r=5:d=0.6,format=rgba,colorchannelmixer=aa=0.5";

  it("shows a white page behind what is transparent", async () => {
    const codings = {
      "qtrle.mov": "-c:v qtrle -pix_fmt argb",
      "png.mov": "-c:v png -pix_fmt rgba",
      "prores.mov": "-c:v prores_ks -profile:v 4 -pix_fmt yuva444p10le",
      "ffv1.mkv": "-c:v ffv1 -pix_fmt yuva420p",
      "vp8.webm": "-c:v libvpx -auto-alt-ref 0 -pix_fmt yuva420p",
      "vp9.webm": "-c:v libvpx-vp9 -pix_fmt yuva420p -deadline realtime",
    };
    for (const [name, coding] of Object.entries(codings)) {
      await ffmpeg(`${half} ${coding} ${at(name)}`);
      const [frame] = await framesOf(at(name));
      if (!frame) throw new Error("no frame");
      expectNear(pixel(frame, 32, 24), [255, 128, 128], 6);
      expect(frame.treatment, name).to.deep.equal(["alpha-flattened"]);
    }
  });

  it("flattens nothing that cannot be transparent", async () => {
    await ffmpeg(`-f lavfi -i color=red:s=64x48:r=5:d=0.6 -c:v qtrle -pix_fmt rgb24 ${at("opaque.mov")}`);
    expect((await framesOf(at("opaque.mov")))[0]?.treatment).to.deep.equal([]);
  });
});
