import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { Progress } from "../../../src/cli/terminal/progress.js";
import { duration } from "../../../src/util/duration.js";
import { cli, fakeIo, FakeStream, folderWith } from "../fakes.js";

describe("cli: progress", () => {
  it("shows count, rate, time left and the current file", () => {
    let now = 0;
    const progress = new Progress(new FakeStream(120), false, () => now);
    expect(progress.line()).to.equal("");
    progress.phase("loading the model", 0.426);
    expect(progress.line()).to.equal("loading the model  42%");
    progress.start(["a.jpg", "b.jpg", "c.mp4", "d.jpg"]);
    expect(progress.line()).to.equal(`${"─".repeat(24)}    0%  0/4  a.jpg`);
    now = 500;
    progress.oneDone();
    now = 1000;
    progress.oneDone();
    progress.frames(7);
    expect(progress.line()).to.equal(
      `${"━".repeat(12)}${"─".repeat(12)}   50%  2/4  2.00/s  1 s left  c.mp4  7 frames`,
    );
    progress.oneDone();
    expect(progress.line()).to.match(/d\.jpg$/);
    progress.oneDone();
    expect(progress.line()).to.equal("");
  });

  it("follows a change of pace", () => {
    let now = 0;
    const progress = new Progress(new FakeStream(120), false, () => now);
    progress.start(Array.from({ length: 1000 }, (_, index) => `${index}.jpg`));
    for (let index = 0; index < 200; index++) {
      now += index < 100 ? 1000 : 100;
      progress.oneDone();
    }
    expect(progress.line()).to.include("  10.0/s  1 min 20 s left");
  });

  it("needs no bar for a single input", () => {
    const progress = new Progress(new FakeStream(120), false);
    progress.start(["clip.mp4"]);
    progress.frames(12);
    expect(progress.line()).to.equal("clip.mp4  12 frames");
  });

  it("writes times as people say them", () => {
    expect([0.2, 59.1, 200, 7500].map(duration)).to.deep.equal([
      "1 s",
      "1 min 0 s",
      "3 min 20 s",
      "2 h 05 min",
    ]);
  });

  it("is on a terminal only, and is cleared before every other line", async () => {
    await using folder = await folderWith("a-0.75.jpg", "broken.jpg", "c-0.75.jpg");
    const before = () => delay(130);
    const piped = await cli([folder.path], { before });
    expect(piped.err).not.to.include("\x1b");
    const { out, err } = await cli([folder.path], { before, io: fakeIo(undefined, new FakeStream(200)) });
    expect(out).not.to.include("\x1b");
    expect(err)
      .to.include("  0%  0/3  ")
      .and.to.match(/ {2}1\/3 {2}\d/);
    const lines = err.split("\n").map((line) => line.split("\r\x1b[2K").at(-1));
    expect(lines[0]).to.match(/^tonescore: .*broken\.jpg/);
    expect(lines[1]).to.match(/^tonescore: 2 scored/);
    const quiet = await cli([folder.path, "-q"], { before, io: fakeIo(undefined, new FakeStream(200)) });
    expect(quiet.err).not.to.include("\x1b");
  });
});
