import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect } from "chai";
import { findFfmpeg } from "../../../src/media/ffmpeg/findFfmpeg.js";
import { FfmpegLog } from "../../../src/media/ffmpeg/ffmpegLog.js";
import { failure, scratch, script } from "../helpers.js";

describe("findFfmpeg", () => {
  const at = scratch();
  const { PATH, FFMPEG_PATH } = process.env;

  const restore = (name: string, value: string | undefined): void => {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  };

  afterEach(() => {
    restore("PATH", PATH);
    restore("FFMPEG_PATH", FFMPEG_PATH);
  });

  const answering = (version: string, util: string): string =>
    `echo "ffmpeg version ${version}"; echo "libavutil ${util}"`;

  const source = fileURLToPath(new URL("../../../src/", import.meta.url));

  /** `findFfmpeg` as it is in a folder where no package is installed but those that stand there. */
  async function copiedTo(folder: string): Promise<typeof findFfmpeg> {
    const file = "media/ffmpeg/findFfmpeg.ts";
    for (const part of ["errors.ts", "places.ts", "version.ts", "util", file])
      await cp(join(source, part), join(folder, "src", part), { recursive: true });
    await writeFile(join(folder, "package.json"), '{"type": "module", "version": "9.8.7"}');
    const copy = (await import(pathToFileURL(join(folder, "src", file)).href)) as {
      findFfmpeg: typeof findFfmpeg;
    };
    return copy.findFfmpeg;
  }

  it("takes tonescore's own package before PATH, and that before @ffmpeg-installer/ffmpeg", async () => {
    const name = `@tonescore/ffmpeg-${process.platform}-${process.arch}`;
    const installed = at(join("copy", "node_modules", name));
    await mkdir(installed, { recursive: true });
    await writeFile(join(installed, "package.json"), `{"name": "${name}"}`);
    await script(join(installed, "ffmpeg"), answering("4-own", "59. 1.100"));
    restore("FFMPEG_PATH", undefined);
    expect((await (await copiedTo(at("copy")))()).version).to.include("4-own");
    expect((await findFfmpeg()).path).to.not.include("@ffmpeg-installer");
    process.env.PATH = at("empty");
    expect((await findFfmpeg()).path).to.include("@ffmpeg-installer");
  });

  it("takes the option before FFMPEG_PATH, and that before PATH", async () => {
    await script(at("option"), answering("1-option", "59. 1.100"));
    await script(at("variable"), answering("2-variable", "59. 1.100"));
    await script(at("ffmpeg"), answering("3-path", "59. 1.100"));
    process.env.PATH = `${at("")}:${PATH ?? ""}`;
    restore("FFMPEG_PATH", undefined);
    expect((await findFfmpeg()).version).to.include("3-path");
    process.env.FFMPEG_PATH = at("variable");
    expect((await findFfmpeg()).version).to.include("2-variable");
    expect((await findFfmpeg(at("option"))).version).to.include("1-option");
  });

  it("never takes one from the working directory, whatever PATH says", async () => {
    await script(at("ffmpeg"), answering("6-planted", "59. 1.100"));
    const before = process.cwd();
    process.chdir(at(""));
    try {
      restore("FFMPEG_PATH", undefined);
      for (const relative of ["", ".", "./", "../"]) {
        process.env.PATH = relative;
        expect((await findFfmpeg()).version).to.not.include("planted");
        await failure(findFfmpeg("ffmpeg"), "ERR_FFMPEG_NOT_FOUND");
        process.env.PATH = `${relative}:${PATH ?? ""}`;
        expect((await findFfmpeg()).version).to.not.include("planted");
      }
    } finally {
      process.chdir(before);
    }
  });

  it("speaks to old and new versions in their own words", async () => {
    await script(at("old"), answering("4.1", "56. 22.100"));
    await script(at("middle"), answering("5.0", "57. 17.100"));
    await script(at("new"), answering("5.1", "57. 28.100"));
    expect((await findFfmpeg(at("old"))).eachFrameOnce).to.deep.equal(["-vsync", "passthrough"]);
    expect((await findFfmpeg(at("middle"))).eachFrameOnce).to.deep.equal(["-vsync", "passthrough"]);
    expect((await findFfmpeg(at("new"))).eachFrameOnce).to.deep.equal(["-fps_mode", "passthrough"]);
    expect((await findFfmpeg(at("old"))).eachFramesSize).to.deep.equal([]);
    expect((await findFfmpeg(at("middle"))).eachFramesSize).to.deep.equal(["-noautoscale"]);
  });

  it("says what it tried and how to install one", async () => {
    process.env.PATH = at("empty");
    restore("FFMPEG_PATH", undefined);
    const find = await copiedTo(at("bare"));
    const error = await find().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.have.property("code", "ERR_FFMPEG_NOT_FOUND");
    const message = String(error);
    for (const part of [
      "@tonescore/ffmpeg-",
      "ffmpeg-static: not installed",
      "@ffmpeg-installer/ffmpeg: not",
      "PATH: not installed",
      "apt",
      "brew",
      "winget",
    ]) {
      expect(message).to.include(part);
    }
  });

  it("puts no other in the place of one that was named", async () => {
    const missing = await failure(findFfmpeg(at("missing")), "ERR_FFMPEG_NOT_FOUND");
    expect(missing.message).to.include(at("missing"));
    await script(at("other"), "echo hello");
    process.env.FFMPEG_PATH = at("other");
    const other = await failure(findFfmpeg(), "ERR_FFMPEG_NOT_FOUND");
    expect(other.message).to.include('answers "hello"');
  });

  it("finds one that is installed after a failure", async () => {
    await failure(findFfmpeg(at("later")), "ERR_FFMPEG_NOT_FOUND");
    await script(at("later"), answering("7", "59. 1.100"));
    expect((await findFfmpeg(at("later"))).path).to.equal(at("later"));
  });
});

describe("FfmpegLog", () => {
  it("keeps the first and the last complaints, and damage that is a warning only", () => {
    const log = new FfmpegLog();
    log.write("[mov,mp4 @ 0x55] [warning] odd\n[mov @ 0x1] [warning] partial file\n[in");
    log.write("fo] Input #0\n[vist#0:0/h264 @ 0x1] [dec:h264 @ 0x2] [error] bad\nno level\n");
    for (let i = 0; i < 9; i++) log.write(`[error] ${i}\r\n[error] ${i}\n`);
    expect(log.complaints).to.deep.equal(["partial file", "4", "5", "6", "7", "8"]);
  });

  it("takes linear time and bounded memory for lines without an end, whatever they hold", () => {
    const log = new FfmpegLog();
    const pieces = [
      "[a @ 0x1] [error] ".repeat(400),
      "[".repeat(8000),
      "] ".repeat(4000),
      " @ ".repeat(3000),
    ];
    for (let i = 0; i < 20_000; i++) log.write(pieces[i % pieces.length] ?? "");
    log.write("\n[error] \u001b[2Jafter\n");
    expect(log.complaints.at(-1)).to.equal("·[2Jafter");
    expect(log.complaints.join("").length).to.be.below(3000);
  });
});
