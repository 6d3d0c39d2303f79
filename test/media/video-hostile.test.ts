import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { findFfmpeg } from "../../src/media/ffmpeg.js";
import { openVideo } from "../../src/media/video.js";
import type { Frame } from "../../src/media/picture.js";
import { collect, ffmpeg, ffmpegArguments, scratch, script } from "./helpers.js";

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

  /** The frames of a clip, and what ffmpeg was called with for them; `PATH` stands for the clip's. */
  async function opened(
    path: string,
  ): Promise<{ frames: Frame[]; calls: string; warnings: readonly string[] }> {
    await rm(at("calls"), { force: true });
    const video = openVideo(path, { ffmpeg: at("ffmpeg"), frames: 2 });
    const frames = await collect(video);
    const calls = (await readFile(at("calls"), "latin1")).replaceAll(
      Buffer.from(path).toString("latin1"),
      "PATH",
    );
    return { frames, calls, warnings: video.warnings };
  }

  /** Two clips alike but for what their texts say. */
  async function expectAlike(clean: string, hostile: string): Promise<void> {
    const expected = await opened(clean);
    expect(expected.frames).to.have.length(2);
    expect(expected.calls).to.include("PATH");
    expect(await opened(hostile), hostile).to.deep.equal(expected);
  }

  before(async () => {
    const { path } = await findFfmpeg();
    await script(
      at("ffmpeg"),
      `[ "$2" = -version ] || printf '<%s>\\n' "$@" >> ${at("calls")}; exec ${path} "$@"`,
    );
    await writeFile(
      at("chapters.txt"),
      `;FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/10\nSTART=0\nEND=9\ntitle=TITLE\n`,
    );
  });

  it("reaches no argument, whatever container and field it stands in", async () => {
    const source = "-f lavfi -i testsrc2=s=64x48:r=5:d=1".split(" ");
    const codecs = {
      mkv: "mpeg4",
      mp4: "mpeg4",
      avi: "mpeg4",
      nut: "ffv1",
      flv: "flv1",
      ogv: "theora",
    };
    for (const [ending, codec] of Object.entries(codecs)) {
      const [clean, hostile] = [at(`clean.${ending}`), at(`hostile.${ending}`)];
      const chapters = ["-i", at("chapters.txt"), "-map", "0", "-map_chapters", "1"];
      const fields = ["title", "comment", "artist", "description", "location", "K\nEY"];
      const texts = [
        ...fields.flatMap((field) => ["-metadata", `${field}=${all}`]),
        ...["title", "language", "handler_name", "alpha_mode", "K\nEY"].flatMap((field) => [
          "-metadata:s:v",
          `${field}=${all}`,
        ]),
        ...["-movflags", "+use_metadata_tags"],
      ];
      const coded = ["-c:v", codec === "theora" ? "libtheora" : codec, "-bitexact"];
      await ffmpegArguments([...source, ...coded, clean]);
      await writeFile(
        at("chapters.txt"),
        (await readFile(at("chapters.txt"), "utf8")).replace(
          "TITLE",
          all.replaceAll("\n", "\\\n").replaceAll("=", "\\=").replaceAll("#", "\\#"),
        ),
      );
      await ffmpegArguments([...source, ...chapters, ...coded, ...texts, hostile]);
      await expectAlike(clean, hostile);
    }
  });

  it("reaches no argument as a key of metadata that the container itself would not write", async () => {
    const key = "K".repeat(900);
    const clean = at("keyed.mkv");
    await ffmpeg(`-f lavfi -i testsrc2=s=64x48:r=5:d=1 -c:v mpeg4 -metadata ${key}=v ${clean}`);
    const bytes = await readFile(clean);
    for (const lines of [forged.slice(0, 5), forged.slice(5, 10), forged.slice(10), ["\u001b[2J", "\r\n"]]) {
      const patched = Buffer.from(bytes);
      const text = `${BREAK}${lines.join(BREAK)}${BREAK}`.padEnd(key.length);
      patched.write(text, bytes.indexOf(key), "latin1");
      await writeFile(at("patched.mkv"), patched);
      await expectAlike(clean, at("patched.mkv"));
    }
  });

  it("reaches nothing but the path as the name of the file", async () => {
    await ffmpeg(`-f lavfi -i testsrc2=s=64x48:r=5:d=1 -c:v ffv1 ${at("plain.mkv")}`);
    for (const name of [`a\n[error] x`, "b,movie=x;[0:V]'e\\f", "%03d", "-vf"]) {
      await copyFile(at("plain.mkv"), at(name));
      await expectAlike(at("plain.mkv"), at(name));
    }
  });
});
