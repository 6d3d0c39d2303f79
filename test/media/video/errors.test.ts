import { copyFile, mkdir, readFile, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { expect } from "chai";
import { openVideo } from "../../../src/media/video/openVideo.js";
import {
  collect,
  counting,
  failure,
  ffmpeg,
  fixture,
  framesOf,
  numberOf,
  scratch,
  script,
} from "../helpers.js";

describe("openVideo: what it cannot read", () => {
  const at = scratch();

  before(async () => {
    await ffmpeg(`${counting(30, 10)} -c:v ffv1 ${at("good.mkv")}`);
    await ffmpeg(
      `-f lavfi -i testsrc2=s=160x120:r=10:d=5 -c:v mpeg4 -q:v 2 -movflags +faststart ${at("good.mp4")}`,
    );
    await ffmpeg(`-f lavfi -i sine=d=0.5 -c:a pcm_s16le ${at("sound.mov")}`);
    const cover = "-f lavfi -i color=red:s=32x32:d=0.1:r=10 -map 0 -map 1 -c:v mjpeg -frames:v 1";
    await ffmpeg(`-f lavfi -i sine=d=0.5 ${cover} -disposition:v attached_pic -c:a aac ${at("cover.m4a")}`);
  });

  it("names a file that is missing, a folder and a URL for what they are", async () => {
    await failure(framesOf(at("nothing.mp4")), "ERR_INPUT_NOT_FOUND");
    await mkdir(at("folder.mp4"));
    await failure(framesOf(at("folder.mp4")), "ERR_INPUT_UNSUPPORTED");
    const error = await failure(framesOf("https://example.com/a.mp4"), "ERR_INPUT_UNSUPPORTED");
    expect(error.message).to.include("Download it first");
  });

  it("wants a video stream, and takes no cover art for one", async () => {
    await failure(framesOf(at("sound.mov")), "ERR_VIDEO_NO_STREAM");
    await failure(framesOf(at("cover.m4a")), "ERR_VIDEO_NO_STREAM");
    await failure(framesOf(at("cover.m4a"), { frames: 3 }), "ERR_VIDEO_NO_STREAM");
  });

  it("refuses what is no video", async () => {
    await writeFile(at("empty.mp4"), "");
    expect((await failure(framesOf(at("empty.mp4")), "ERR_VIDEO_DECODE")).message).to.include("0 bytes");
    await writeFile(at("text.mp4"), "This is a letter, and not a video.\n".repeat(100));
    await failure(framesOf(at("text.mp4")), "ERR_VIDEO_DECODE");
    await copyFile(at("good.mp4"), at("headless.mp4"));
    await truncate(at("headless.mp4"), 600);
    const error = await failure(framesOf(at("headless.mp4"), { frames: 2 }), "ERR_VIDEO_DECODE");
    expect(error.message).to.include("headless.mp4").and.include("Check that it plays");
    await failure(framesOf(fixture("quarters.png")), "ERR_INPUT_UNSUPPORTED");
  });

  it("gives the frames that decode of a clip that is cut short, and tells", async () => {
    for (const name of ["good.mkv", "good.mp4"]) {
      const cut = at(`cut-${name}`);
      const bytes = await readFile(at(name));
      await writeFile(cut, bytes.subarray(0, Math.round(bytes.length * 0.7)));
      const video = openVideo(cut);
      const frames = await collect(video);
      expect(frames.length, name).to.be.within(2, 4);
      expect(video.warnings, name).to.have.length(1);
      expect(video.warnings[0]).to.include("cut short");
    }
    const whole = openVideo(at("good.mp4"));
    expect(await collect(whole)).to.have.length(5);
    expect(whole.warnings).to.deep.equal([]);
  });

  it("refuses a clip of which only frames decode that were not asked for", async () => {
    const bytes = await readFile(at("good.mp4"));
    await writeFile(at("holed.mp4"), bytes.fill(0, Math.round(bytes.length * 0.4)));
    expect(await framesOf(at("holed.mp4"), { every: 1 })).to.have.length.above(5);
    const error = await failure(framesOf(at("holed.mp4"), { frames: 1 }), "ERR_VIDEO_DECODE");
    expect(error.message).to.include("holed.mp4").and.include("Check that it plays");
  });

  it("opens no file and no address that a playlist names", async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked++;
      response.end();
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.ts`;
    const playlists: Record<string, string> = {
      "web.m3u8": `#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n${url}\n#EXT-X-ENDLIST\n`,
      "local.m3u8": `#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n${at("good.mkv")}\n#EXT-X-ENDLIST\n`,
      "list.ffconcat": "ffconcat version 1.0\nfile good.mkv\n",
      "disguised.mp4": "ffconcat version 1.0\nfile good.mkv\n",
      "call.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n",
    };
    for (const [name, text] of Object.entries(playlists)) {
      await writeFile(at(name), text);
      const error = await failure(framesOf(at(name)), "ERR_INPUT_UNSUPPORTED");
      expect(error.message).to.include("playlist");
    }
    server.close();
    expect(asked).to.equal(0);
  });

  it("takes every file name literally", async () => {
    for (const name of ["-i.mkv", "a:b.mkv", "frame%03d.mkv", "[a] b'c.mkv", "http:x.mkv", "größe 中.mkv"]) {
      await copyFile(at("good.mkv"), at(name));
      expect(await framesOf(at(name)), name).to.have.length(3);
    }
    const here = process.cwd();
    process.chdir(at(""));
    try {
      expect(await framesOf("-i.mkv")).to.have.length(3);
    } finally {
      process.chdir(here);
    }
  });

  it("says what an ffmpeg without zscale lacks, and that one crashed", async () => {
    const lacking = at("lacking");
    await script(
      lacking,
      `[ "$2" = -version ] && echo "ffmpeg version 6" && exit; echo "[x @ 0x1] [error] No such filter: 'zscale'" >&2; exit 1`,
    );
    const lack = await failure(framesOf(at("good.mkv"), { ffmpeg: lacking }), "ERR_VIDEO_DECODE");
    expect(lack.message).to.include("libzimg");
    const crashing = at("crashing");
    await script(crashing, `[ "$2" = -version ] && echo "ffmpeg version 6" && exit; kill -SEGV $$`);
    const crash = await failure(framesOf(at("good.mkv"), { ffmpeg: crashing }), "ERR_VIDEO_DECODE");
    expect(crash.message).to.include("SIGSEGV");
  });

  it("stops at an abort, before, between and within frames", async () => {
    const signal = AbortSignal.abort();
    await failure(framesOf(at("good.mkv"), { signal }), "ERR_ABORTED");
    const between = new AbortController();
    const run = async (): Promise<void> => {
      for await (const frame of openVideo(at("good.mkv"), { every: 1, signal: between.signal })) {
        if (numberOf(frame) === 2) between.abort(new Error("enough"));
      }
    };
    const error = await failure(run(), "ERR_ABORTED");
    expect(error.cause).to.have.property("message", "enough");
    const stalled = AbortSignal.timeout(300);
    await failure(framesOf(new PassThrough(), { signal: stalled }), "ERR_ABORTED");
  });
});
