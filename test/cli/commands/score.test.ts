import { expect } from "chai";
import { EventEmitter, once } from "node:events";
import type { Result } from "../../../src/results/result.js";
import { cli, FakeScorer, folderWith, resultsOf } from "../fakes.js";

class NoNumbers extends FakeScorer {
  override async *scoreAllByPreset(...given: Parameters<FakeScorer["scoreAllByPreset"]>) {
    for await (const results of super.scoreAllByPreset(...given)) {
      yield results.map((result): Result => (result.type === "error" ? result : { ...result, score: NaN }));
    }
  }
}

/** Its files take as long to hash as the first score takes. */
class SlowHeader extends FakeScorer {
  readonly #scoring = new EventEmitter();
  readonly #begun = once(this.#scoring, "begun");

  override async *scoreAllByPreset(...given: Parameters<FakeScorer["scoreAllByPreset"]>) {
    this.#scoring.emit("begun");
    yield* super.scoreAllByPreset(...given);
  }

  override async headersByPreset() {
    await this.#begun;
    return super.headersByPreset();
  }
}

describe("cli: score", () => {
  it("scores a folder into NDJSON, header first, in order", async () => {
    await using folder = await folderWith("a-0.80.jpg", "b-0.30.jpg", "c-0.50.mp4", "notes.txt");
    const { code, out, scorer } = await cli([folder.path]);
    expect(code).to.equal(0);
    const [header = ""] = out.split("\n");
    expect(JSON.parse(header)).to.include({ type: "header", version: 1 });
    const results = resultsOf(out);
    expect(results.map((result) => result.type)).to.deep.equal(["image", "image", "video"]);
    expect(results.map((result) => "score" in result && result.score)).to.deep.equal([0.8, 0.3, 0.5]);
    expect(scorer?.closed).to.equal(true);
  });

  it("scores while the model's files are hashed, for the header that comes first", async () => {
    await using folder = await folderWith("0.80.jpg");
    const { code, out } = await cli([folder.path], {
      createScorer: (given) => Promise.resolve(new SlowHeader(given)),
    });
    expect(code).to.equal(0);
    expect(out).to.match(/^{"type":"header"/);
    expect(resultsOf(out)).to.have.length(1);
  });

  it("knows the command by its name too, with options before and after it", async () => {
    await using folder = await folderWith("0.80.jpg");
    const { code, scorer } = await cli(["--fps", "2", "score", "--pooling", "mean", folder.file("0.80.jpg")]);
    expect(code).to.equal(0);
    expect(scorer?.videoOptions).to.include({ fps: 2, pooling: "mean" });
  });

  it("hands every option to the scorer", async () => {
    await using folder = await folderWith("0.80.jpg");
    const given = [
      ...["--model", "m.gguf", "--mmproj", "p.gguf", "--preset", "qalign", "--video-preset", "qbench"],
      ...["--question", "Nice?", "--tones", "yes;no", "--template", "vicuna"],
      ...["--template-arg", "thinking=false", "--template-arg", 'name="x"', "--threads", "3", "--gpu", "off"],
      ...["--scale", "percent", "--max-context", "4096", "--image-min-tokens", "8"],
      ...["--image-max-tokens", "64", "--trust-threshold", "0.3", "--ffmpeg", "/opt/ffmpeg"],
    ];
    const { code, scorer } = await cli([folder.file("0.80.jpg"), ...given]);
    expect(code).to.equal(0);
    const { signal, onLoad, onWarning, ...options } = scorer?.options ?? {};
    expect(signal).to.be.instanceOf(AbortSignal);
    expect(onLoad).to.be.a("function");
    expect(onWarning).to.be.a("function");
    expect(options).to.deep.equal({
      ...{ model: "m.gguf", mmproj: "p.gguf", preset: "qalign", videoPreset: "qbench" },
      ...{ question: "Nice?", tones: "yes;no", template: "vicuna" },
      ...{ templateArguments: { thinking: false, name: "x" }, threads: 3, gpu: "off" },
      ...{ scale: "percent", maxContext: 4096, imageMinTokens: 8 },
      ...{ imageMaxTokens: 64, trustThreshold: 0.3, ffmpeg: "/opt/ffmpeg", isolate: false },
    });
  });

  it("has the model in a process of its own where there is more than one input, or as it is told", async () => {
    await using folder = await folderWith("0.80.jpg", "0.30.jpg");
    const one = folder.file("0.80.jpg");
    for (const [argv, isolate] of [
      [[folder.path], true],
      [[one], false],
      [[folder.path, "--no-isolate"], false],
      [[one, "--isolate"], true],
    ] as const) {
      const { scorer } = await cli([...argv]);
      expect(scorer?.options).to.include({ isolate });
    }
  });

  it("leaves to the scorer what was not given", async () => {
    await using folder = await folderWith("0.80.jpg");
    const { scorer } = await cli([folder.path]);
    const chosen = ["isolate", "signal", "onLoad", "onWarning", "scale", "trustThreshold"];
    expect(scorer?.options).to.have.all.keys(...chosen);
    expect(scorer?.videoOptions).to.have.all.keys("stop", "onFrame", "onStreamFrame", "onRunningScore");
  });

  it("passes on which frames to score", async () => {
    await using folder = await folderWith("0.80.mp4");
    const frames = await cli([folder.path, "--frames", "8"]);
    expect(frames.scorer?.videoOptions).to.include({ frames: 8 });
    const every = await cli([folder.path, "--every", "25"]);
    expect(every.scorer?.videoOptions).to.include({ every: 25 });
  });

  it("takes a video on standard input", async () => {
    const { code, scorer } = await cli(["-"]);
    expect(code).to.equal(0);
    expect(scorer?.drawn).to.deep.equal([{ kind: "video", path: "-", size: 0, mtimeMs: 0 }]);
  });

  it("scores the other inputs when some fail, says which, and exits with 1", async () => {
    await using folder = await folderWith("0.80.jpg", "broken.jpg");
    const { code, out, err } = await cli([
      folder.file("0.80.jpg"),
      folder.file("gone.jpg"),
      folder.file("broken.jpg"),
    ]);
    expect(code).to.equal(1);
    expect(resultsOf(out).map((result) => result.type)).to.deep.equal(["image", "error", "error"]);
    expect(err).to.include(
      `tonescore: ${folder.file("broken.jpg")}: Expected a picture but received something else. (ERR_IMAGE_DECODE)\n`,
    );
    expect(err).to.match(/gone\.jpg.*\(ERR_INPUT_NOT_FOUND\)\n/);
    expect(err).to.include("1 scored: mean 0.800, median 0.800, lowest 0.800, highest 0.800; 2 failed\n");
  });

  it("exits with 4 where one input is below the limit, even if others fail", async () => {
    await using folder = await folderWith("0.80.jpg", "0.30.jpg", "broken.jpg");
    const all = await cli([folder.path, "--fail-under", "0.5"]);
    expect(all.code).to.equal(4);
    expect(all.err).to.include("0.30.jpg: scored 0.300, below 0.5\n");
    expect(all.err).to.include("1 below 0.5; 1 failed\n");
    expect((await cli([folder.path, "--fail-under", "0.2"])).code).to.equal(1);
    expect((await cli([folder.file("0.80.jpg"), "--fail-under", "0.8"])).code).to.equal(0);
    const percent = await cli([folder.file("0.80.jpg"), "--scale", "percent", "--fail-under", "80.5"]);
    expect(percent.code).to.equal(4);
  });

  it("lets no score pass a limit that is not trusted", async () => {
    await using folder = await folderWith("untrusted-0.80.jpg", "0.90.jpg");
    const { code, err } = await cli([folder.path, "--fail-under", "0.5"]);
    expect(code).to.equal(4);
    expect(err).to.include(
      "untrusted-0.80.jpg: scored 0.800, which is not trusted and so does not pass --fail-under 0.5\n",
    );
    expect(err).to.include("highest 0.900; 1 not trusted\n");
    const resumed = [folder.path, "-o", folder.file("out.ndjson"), "--resume", "--fail-under", "0.5"];
    await cli(resumed);
    const again = await cli(resumed);
    expect(again.scorer?.drawn).to.deep.equal([]);
    expect(again.code, "those of an earlier run neither").to.equal(4);
    expect((await cli([folder.path])).code, "without a limit nothing is to pass").to.equal(0);
  });

  it("lets nothing pass a limit that is no number or was never scored", async () => {
    await using folder = await folderWith("broken.jpg", "0.90.jpg");
    const nan = await cli([folder.file("0.90.jpg"), "--fail-under", "0.5"], {
      createScorer: (options) => Promise.resolve(new NoNumbers(options)),
    });
    expect(nan.code).to.equal(4);
    expect((await cli([folder.file("broken.jpg"), "--fail-under", "0.5"])).code).to.equal(1);
  });

  it("warns once a file when the model hardly answered, and does not fail for it", async () => {
    await using folder = await folderWith("untrusted-0.80.jpg");
    const { code, err } = await cli([folder.path]);
    expect(code).to.equal(0);
    expect(err.match(/hardly answered.*0\.12.*threshold 0\.5/g)).to.have.length(1);
  });

  it("warns once a run when the model never learned the question", async () => {
    await using folder = await folderWith("unlearned-0.80.jpg", "unlearned-0.70.jpg");
    const { code, err } = await cli([folder.path]);
    expect(code).to.equal(0);
    expect(err.match(/never taught.*--model/g)).to.have.length(1);
    expect(err).not.to.include("hardly answered");
  });

  it("says nothing but errors when quiet, and why a limit was not passed", async () => {
    await using folder = await folderWith("untrusted-0.80.jpg", "0.10.jpg", "broken.jpg");
    const { err } = await cli([folder.path, "-q", "--fail-under", "0.5"]);
    const [error, verdict, ...others] = err.trimEnd().split("\n");
    expect(error).to.include("broken.jpg");
    expect(verdict).to.equal("tonescore: 2 of 3 do not pass --fail-under 0.5: 1 below, 1 not trusted");
    expect(others).to.deep.equal([]);
  });

  it("says why a limit was not passed by what an earlier run scored", async () => {
    await using folder = await folderWith("0.10.jpg");
    const argv = [
      folder.file("0.10.jpg"),
      "-o",
      folder.file("out.ndjson"),
      "--resume",
      "--fail-under",
      "0.5",
    ];
    const first = await cli(argv);
    expect(first.err).to.match(/^tonescore: [^\n]*0\.10\.jpg: scored 0\.100, below 0\.5\n$/);
    const again = await cli(argv);
    expect([again.code, again.err]).to.deep.equal([
      4,
      "tonescore: 1 of 1 does not pass --fail-under 0.5: 1 below\n",
    ]);
  });

  it("says what folders and globs left out, by kind and count, unless quiet", async () => {
    await using folder = await folderWith("0.80.jpg", "a.NEF", "b.cr3", "c.jxl", "d.txt");
    for (const pattern of [folder.path, folder.file("*")]) {
      const { err, code } = await cli([pattern]);
      expect(code).to.equal(0);
      expect(err).to.include("left out 2 camera RAW files, 1 JPEG XL file and 1 file of other kinds (txt)\n");
      expect((await cli([pattern, "--quiet"])).err).to.equal("");
    }
    expect((await cli([folder.file("0.80.jpg")])).err).to.equal("");
  });

  it("loads no model for a wrong preset", async () => {
    await using folder = await folderWith("0.80.jpg");
    const { code, err, scorer } = await cli([folder.path, "--preset", "qbost"]);
    expect(code).to.equal(2);
    expect(scorer).to.equal(undefined);
    expect(err).to.match(/^tonescore: .*"qbost" \(did you mean "qboost"\?\).*\(ERR_PRESET\)\n$/);
  });
});
