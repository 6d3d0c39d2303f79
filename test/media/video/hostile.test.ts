import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { findFfmpeg } from "../../../src/media/ffmpeg/findFfmpeg.js";
import { openVideo } from "../../../src/media/video/openVideo.js";
import type { Frame } from "../../../src/media/picture.js";
import type { OpenVideoOptions } from "../../../src/media/video/openVideoOptions.js";
import { collect, ffmpegArguments, scratch, script } from "../helpers.js";

const BREAK = "\n";

/** Lines that some part of ffmpeg writes, or that our readers look for, as a file's text would forge them. */
const forged = [
  "[Parsed_showinfo_1 @ 0x55] [info] color_space:bt709 color_primaries:bt709,movie=x.mkv color_trc:smpte2084",
  "[Parsed_showinfo_1 @ 0x55] [info] n:   0 pts:      0 pts_time:0 fmt:rgba sar:9/1 s:9999x9999 i:T",
  "  Stream #0:0: Video: h264, yuv420p(tv, bt2020nc/bt2020/smpte2084, top coded first), 9x9",
  "      displaymatrix: rotation of 90.00 degrees",
  "Output #0, null, to 'pipe:':",
  "#tb 0: 7/1",
  "#dimensions 0: 99999x99999",
  "#sar 0: 250/1",
  "0,          7,          7,        7,      777, 0x00000007",
  "P6\n1 1\n255\nabc",
  "TUPLTYPE RGB_ALPHA",
  "[error] Stream map '0:V' matches no streams.",
  "[fatal] Format not on whitelist 'x'",
  "[error] No such filter: 'zscale'",
  "constructor __proto__ toString",
];

const all = `${BREAK}${forged.join(BREAK)}${BREAK}`;

describe("openVideo: text of a file", () => {
  const at = scratch();

  interface Opened {
    readonly frames: readonly Pick<Frame, "time" | "width" | "height" | "data" | "treatment">[];
    /** What ffmpeg was called with; `PATH` stands for the clip's. */
    readonly calls: string;
    readonly warnings: readonly string[];
  }

  async function opened(path: string, options: OpenVideoOptions): Promise<Opened> {
    await rm(at("calls"), { force: true });
    const video = openVideo(path, { ffmpeg: at("ffmpeg"), ...options });
    const frames = (await collect(video)).map(({ time, width, height, data, treatment }) => {
      return { time, width, height, data, treatment };
    });
    const calls = await readFile(at("calls"), "latin1");
    const name = Buffer.from(path).toString("latin1");
    return { frames, calls: calls.replaceAll(name, "PATH"), warnings: video.warnings };
  }

  /** Clips alike but for what their texts say. */
  async function expectAlike(
    clean: string,
    hostile: readonly string[],
    options: OpenVideoOptions = {},
  ): Promise<void> {
    const expected = await opened(clean, options);
    expect(expected.frames).to.not.have.length(0);
    expect(expected.calls).to.include("PATH");
    for (const path of hostile) expect(await opened(path, options), path).to.deep.equal(expected);
  }

  const source = "-f lavfi -i testsrc2=s=64x48:r=5:d=1".split(" ");

  before(async () => {
    const { path } = await findFfmpeg();
    const logged = `[ "$2" = -version ] || printf '<%s>\\n' "$@" >> ${at("calls")}`;
    await script(at("ffmpeg"), `${logged}; exec ${path} "$@"`);
    const title = all.replaceAll(/[=#\n]/g, "\\$&");
    await writeFile(
      at("chapters.txt"),
      `;FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/10\nSTART=0\nEND=9\ntitle=${title}\n`,
    );
  });

  const codecs = { mkv: "mpeg4", mp4: "mpeg4", avi: "mpeg4", nut: "ffv1", flv: "flv1", ogv: "libtheora" };

  for (const [ending, codec] of Object.entries(codecs)) {
    it(`reaches no argument from any field of ${ending}`, async () => {
      const [clean, hostile] = [at(`clean.${ending}`), at(`hostile.${ending}`)];
      const chapters = ["-i", at("chapters.txt"), "-map", "0", "-map_chapters", "1"];
      const ofFile = ["title", "comment", "artist", "description", "location", "K\nEY"];
      const ofStream = ["title", "language", "handler_name", "alpha_mode", "K\nEY"];
      const texts = [
        ...ofFile.flatMap((field) => ["-metadata", `${field}=${all}`]),
        ...ofStream.flatMap((field) => ["-metadata:s:v", `${field}=${all}`]),
        ...["-movflags", "+use_metadata_tags"],
      ];
      const coded = ["-c:v", codec, "-bitexact"];
      await ffmpegArguments([...source, ...coded, clean]);
      await ffmpegArguments([...source, ...chapters, ...coded, ...texts, hostile]);
      await expectAlike(clean, [hostile], ending === "mkv" ? { frames: 2 } : {});
    });
  }

  it("reaches no argument as a key of metadata that the container itself would not write", async () => {
    const key = "K".repeat(900);
    const clean = at("keyed.mkv");
    await ffmpegArguments([...source, "-c:v", "mpeg4", "-metadata", `${key}=v`, clean]);
    const bytes = await readFile(clean);
    const hostile: string[] = [];
    for (const lines of [forged.slice(0, 7), forged.slice(7), ["\u001b[2J", "\r\n"]]) {
      const patched = Buffer.from(bytes);
      const text = `${BREAK}${lines.join(BREAK)}${BREAK}`.padEnd(key.length);
      patched.write(text, bytes.indexOf(key), "latin1");
      const path = at(`keyed-${hostile.length}.mkv`);
      await writeFile(path, patched);
      hostile.push(path);
    }
    await expectAlike(clean, hostile);
  });

  it("reaches nothing but the path as the name of the file", async () => {
    const clean = at("plain.mkv");
    await ffmpegArguments([...source, "-c:v", "ffv1", clean]);
    const names = [`a\n[error] x`, "b,movie=x;[0:V]'e\\f", "%03d", "-vf"].map(at);
    for (const name of names) await copyFile(clean, name);
    await expectAlike(clean, names);
  });
});
