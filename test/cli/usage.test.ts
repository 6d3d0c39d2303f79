import { expect } from "chai";
import { cli, fakeIo, FakeStream, folderWith } from "./fakes.js";

/** The complaint about some arguments, all of which are wrong usage and load no model. */
async function complaint(...argv: string[]): Promise<string> {
  const { code, out, err, scorer } = await cli(argv);
  expect(code).to.equal(2);
  expect(out).to.equal("");
  expect(scorer).to.equal(undefined);
  return err;
}

describe("cli: usage", () => {
  it("helps, by example, on standard output", async () => {
    for (const argv of [["--help"], ["-h"], ["help"], ["score", "--help"]]) {
      const { code, out, err } = await cli(argv);
      expect(code).to.equal(0);
      expect(err).to.equal("");
      expect(out)
        .to.include("Examples:")
        .and.to.include("Exit codes:")
        .and.to.include("--fail-under <score>");
    }
    expect((await cli(["presets", "--help"])).out).to.include("tonescore presets qboost > mine.json");
  });

  it("fits its help into 80 columns", async () => {
    const { out } = await cli(["--help"], { io: fakeIo(new FakeStream(80)) });
    expect(out.split("\n").filter((line) => line.length > 80)).to.deep.equal([]);
  });

  it("helps on standard error, and exits with 2, where nothing is named", async () => {
    expect(await complaint()).to.include("Examples:");
    expect(await complaint("--preset", "qalign")).to.include("Examples:");
    expect(await complaint("score")).to.include("Examples:");
  });

  it("tells its version", async () => {
    const { code, out } = await cli(["--version"]);
    expect(code).to.equal(0);
    expect(out).to.match(/^\d+\.\d+\.\d+\n$/);
  });

  it("says what an option expected and what came", async () => {
    const expected: readonly [option: string, value: string, message: string][] = [
      ["--fps", "fast", "Expected a number above 0 and up to 1000."],
      ["--fps", "0", "Expected a number above 0 and up to 1000."],
      ["--frames", "1.5", "Expected a whole number from 1 to 500."],
      ["--every", "", "Expected a whole number of at least 1."],
      ["--threads", "0", "Expected a whole number from 1 to 512."],
      ["--max-context", "many", "Expected a whole number from 1 to 2147483647."],
      ["--image-min-tokens", "-1", "Expected a whole number from 1 to 2147483647."],
      ["--image-max-tokens", "x", "Expected a whole number from 1 to 2147483647."],
      ["--trust-threshold", "2", "Expected a number from 0 to 1."],
      ["--fail-under", "low", "Expected a number."],
      ["--gpu", "cuda2", 'Expected one of auto, off, cuda, vulkan, metal (did you mean "cuda"?).'],
      ["--scale", "percnt", 'Expected one of unit, percent, mos (did you mean "percent"?).'],
      ["--format", "xml", "Expected one of table, json, ndjson, csv."],
      [
        "--template-arg",
        "thinking",
        'Expected KEY=JSON, such as enable_thinking=false, but there is no "=".',
      ],
      [
        "--template-arg",
        "name=text",
        `Expected JSON after name=, but it is none. A text needs quotes, as in name='"text"'.`,
      ],
    ];
    for (const [option, value, message] of expected) {
      const err = await complaint("a.jpg", option, value);
      expect(err).to.match(/^tonescore: option /);
      expect(err).to.include(option).and.to.include(`argument '${value}' is invalid. ${message}\n`);
    }
  });

  it("refuses an option of one value that is given twice, wherever it stands", async () => {
    for (const argv of [
      ["a.jpg", "--fps", "1", "--fps", "2"],
      ["a.jpg", "-m", "a.gguf", "--model", "b.gguf"],
      ["a.jpg", "-o", "a.csv", "-o", "b.csv"],
      ["--frames", "4", "score", "a.jpg", "--frames", "4"],
      ["compare", "a", "b", "-p", "sharpness", "-p", "noise"],
      ["compare", "a", "b", "--report=a.html", "--report=b.html"],
      ["evaluate", "a.csv", "--mos-column", "a", "--mos-column", "b"],
      ["calibrate", "a.csv", "-o", "a.json", "-o", "b.json"],
      ["report", "a.ndjson", "-o", "a.html", "-o", "b.html"],
    ]) {
      expect(await complaint(...argv), argv.join(" ")).to.match(
        /^tonescore: option '-.*' takes one value, but is given twice\n$/,
      );
    }
    const parted = ["--template-arg", "a=1", "score", "a.jpg", "--template-arg", "b=2"];
    expect(await complaint(...parted)).to.include(`before "score" or all behind it\n`);
  });

  it("refuses options that do not go together", async () => {
    for (const pair of [
      ["--fps", "--frames"],
      ["--frames", "--every"],
      ["--fps", "--every"],
    ]) {
      expect(await complaint("a.jpg", ...pair.flatMap((option) => [option, "2"]))).to.include(
        "cannot be used with",
      );
    }
    expect(await complaint("a.jpg", "--fail-under", "60")).to.include(
      'Expected 0 to 1 (the scale "unit") for --fail-under but received 60. (ERR_INVALID_ARGUMENT)',
    );
    expect(await complaint("a.jpg", "--scale", "mos", "--fail-under", "0.5")).to.include("Expected 1 to 5");
  });

  it("refuses a pooling or tones that mean nothing", async () => {
    expect(await complaint("a.mp4", "--pooling", "median")).to.include("(ERR_INVALID_ARGUMENT)");
    expect(await complaint("a.jpg", "--tones", "good")).to.include("(ERR_PRESET)");
    expect(await complaint("a.jpg", "--preset", "./none.json")).to.include("nothing is there");
  });

  it("guesses what a misspelled option or command was meant to be", async () => {
    expect(await complaint("a.jpg", "--presets", "qalign")).to.equal(
      "tonescore: unknown option '--presets'\n(Did you mean --preset?)\n",
    );
    expect(await complaint("preset")).to.equal(
      'tonescore: there is no file, folder or command "preset" (did you mean "presets"?)\n',
    );
    expect(await complaint("a.jpg", "--model")).to.include("argument missing");
  });

  it("takes a file whose name is nearly a command's", async () => {
    await using folder = await folderWith("preset");
    const { code } = await cli([folder.file("preset")]);
    expect(code).to.equal(0);
  });

  it("tells a model that cannot be used from wrong usage", async () => {
    const { TonescoreError } = await import("../../src/errors.js");
    for (const [errorCode, exitCode] of [
      ["ERR_MODEL_NOT_FOUND", 3],
      ["ERR_MMPROJ_MISMATCH", 3],
      ["ERR_NATIVE_LOAD", 3],
      ["ERR_ANSWER_TOKENS", 2],
      ["ERR_CHAT_TEMPLATE", 2],
    ] as const) {
      const { code, err } = await cli(["-"], {
        createScorer: () => Promise.reject(new TonescoreError(errorCode, "First line.\nSecond line.")),
      });
      expect(code).to.equal(exitCode);
      expect(err).to.equal(`tonescore: First line.\nSecond line. (${errorCode})\n`);
    }
  });

  it("owns up to its own mistakes", async () => {
    const { code, err } = await cli(["-"], { createScorer: () => Promise.reject(new Error("oops")) });
    expect(code).to.equal(1);
    expect(err).to.match(
      /^tonescore: this is a bug in tonescore, please report it, with what tonescore doctor --json prints:\nError: oops\n +at /,
    );
  });
});
