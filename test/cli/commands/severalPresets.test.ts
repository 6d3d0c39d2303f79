import { readdir, readFile, writeFile } from "node:fs/promises";
import { expect } from "chai";
import type { PairedComparison } from "../../../src/results/comparison.js";
import type { Result, RunHeader } from "../../../src/results/result.js";
import { cli, fakeIo, FakeStream, folderWith, resultsOf } from "../fakes.js";

/** The fake scorer squares the scores of the preset before. */
const both = ["-p", "sharpness", "-p", "noise"];

const told = (results: readonly Result[]) =>
  results.map((result) =>
    result.type === "error" ? result.error.code : `${result.preset ?? ""} ${result.score}`,
  );

describe("cli: several presets in one run", () => {
  it("encode each picture once, and give NDJSON and JSON an entry each", async () => {
    await using folder = await folderWith("a-0.50.jpg", "broken.jpg", "c-0.50.mp4");
    const expected = [
      ...["sharpness 0.5", "noise 0.25", "ERR_IMAGE_DECODE"],
      ...["sharpness 0.5", "noise 0.25"],
    ];
    const { code, out, err, scorer } = await cli([folder.path, ...both]);
    expect(code).to.equal(1);
    expect(scorer?.options).to.deep.include({ preset: "sharpness", alsoPresets: ["noise"] });
    expect(scorer?.drawn).to.have.length(3);
    expect(told(resultsOf(out))).to.deep.equal(expected);
    const header = JSON.parse(out.split("\n")[0] ?? "") as RunHeader;
    expect(header.presets.image.name).to.equal("sharpness");
    expect(header.alsoPresets?.map(({ image, video }) => [image.name, video.name])).to.deep.equal([
      ["noise", "noise"],
    ]);
    expect(err).to.include("2 scored: sharpness mean 0.500").and.include("; noise mean 0.250");
    expect(err.match(/broken\.jpg/g), "the failure is told once").to.have.length(1);
    const json = JSON.parse((await cli([folder.path, ...both, "-f", "json"])).out) as {
      header: RunHeader;
      results: Result[];
    };
    expect(told(json.results)).to.deep.equal(expected);
    expect(json.header).to.deep.equal(header);
  });

  it("give CSV a row an input and columns a preset", async () => {
    await using folder = await folderWith("a-0.50.jpg", "broken.jpg");
    const { out } = await cli([folder.path, "-p", "qboost", "-p", "qalign", "-f", "csv"]);
    const [titles = [], first = [], second = []] = out.split("\r\n").map((line) => line.split(","));
    expect(titles.slice(0, 4)).to.deep.equal(["path", "type", "score_qboost", "score_qalign"]);
    expect(titles).to.include.members(["p_qboost_positive", "p_qalign_excellent"]);
    expect(titles).to.include.members(["answer_mass_qboost", "trusted_qalign", "width", "error_code"]);
    expect(new Set(titles).size).to.equal(titles.length);
    expect(first).to.have.length(titles.length);
    expect(first.slice(2, 4)).to.deep.equal(["0.5", "0.25"]);
    expect(second[titles.indexOf("error_code")]).to.equal("ERR_IMAGE_DECODE");
  });

  it("give the table a score column each, under its preset's name", async () => {
    await using folder = await folderWith("a-0.50.jpg", "broken.jpg", "untrusted-0.50.jpg");
    const io = fakeIo(new FakeStream(200));
    const { out } = await cli([folder.path, ...both, "--scale", "unit"], { io });
    expect(out).to.match(/^path +sharpness {2}noise {2}\(score\)\n/);
    expect(out).to.match(/a-0\.50\.jpg +0\.500 {2}0\.250\n/);
    expect(out).to.match(/broken\.jpg +- +- {2}failed/);
    expect(out).to.match(/0\.500 {2}0\.250 {2}sharpness untrusted, answer mass 0\.12 {2}noise untrusted/);
    const lines = out.split("\n");
    expect(lines[0]?.indexOf("sharpness")).to.equal((lines[1]?.indexOf("0.500 ") ?? 0) - 4);
  });

  it("hold --fail-under against each", async () => {
    await using folder = await folderWith("a-0.50.jpg");
    const { code, err } = await cli([folder.path, ...both, "--fail-under", "0.4"]);
    expect(code).to.equal(4);
    expect(err).to.include("a-0.50.jpg: noise: scored 0.250, below 0.4\n");
    expect(err).not.to.include("sharpness: scored");
    expect((await cli([folder.path, ...both, "--fail-under", "0.2"])).code).to.equal(0);
  });

  it("are gone on with where all of an input's are there, at whatever byte the run was killed", async () => {
    await using folder = await folderWith("a-0.50.jpg", "b-0.60.jpg");
    await using elsewhere = await folderWith();
    const file = elsewhere.file("out.ndjson");
    const argv = [folder.path, ...both, "-o", file, "--resume"];
    await cli(argv);
    const whole = await readFile(file);
    const header = whole.indexOf("\n") + 1;
    for (let length = header; length <= whole.length; length += 7) {
      await writeFile(file, whole.subarray(0, length));
      const { code, err } = await cli(argv);
      expect(code, err).to.equal(0);
      expect((await readFile(file)).equals(whole), `killed after ${length} bytes`).to.equal(true);
    }
    const again = await cli(argv);
    expect(again.scorer?.drawn).to.deep.equal([]);
    expect(again.err).to.include("noise mean 0.305").and.include("2 of them by an earlier run");
    const other = await cli([folder.path, "-p", "sharpness", "-o", file, "--resume"]);
    expect(other.code).to.equal(2);
    expect(other.err).to.match(/alsoPresets: .* there, nothing now/);
    for (const line of other.err.split("\n")) expect(line.length).to.be.below(400);
  });

  it("have a part each in a page, whether it is made at once or later", async () => {
    await using folder = await folderWith("a-0.50.jpg", "b-0.60.jpg", "broken.jpg", "c-0.50.mp4");
    const [file, atOnce, later] = ["r.ndjson", "both.html", "later.html"].map((name) => folder.file(name));
    await cli([folder.path, ...both, "-o", file ?? "", "--report", atOnce ?? ""]);
    const page = await readFile(atOnce ?? "", "utf8");
    expect(page).to.include("2 pictures, 1 video, 1 failed · sharpness and noise");
    const [, sharpness = "", noise = ""] = page.split(/<h2 class="part">/);
    expect([sharpness.slice(0, 9), noise.slice(0, 5)]).to.deep.equal(["sharpness", "noise"]);
    const scores = (part: string) => [...part.matchAll(/data-score="([^"]+)"/g)].map(([, score]) => score);
    expect(scores(sharpness)).to.deep.equal(["0.5", "0.5", "0.6"]);
    expect(scores(noise)).to.deep.equal(["0.25", "0.25", "0.36"]);
    expect(sharpness).to.include('id="video0"').and.include('href="#video0"');
    expect(noise).to.include('id="video1"').and.include('href="#video1"');
    expect(page.match(/<h2>One failed/g)).to.have.length(1);
    expect((await cli(["report", file ?? "", "-o", later ?? ""])).code).to.equal(0);
    expect(await readFile(later ?? "", "utf8")).to.equal(page);
    const one = await cli([folder.file("a-0.50.jpg"), ...both, "--report", atOnce ?? ""]);
    expect(one.code, one.err).to.equal(0);
    expect(await readFile(atOnce ?? "", "utf8")).to.match(/<title>[^<]*a-0\.50\.jpg/);
  });

  it("are compared by one that is named", async () => {
    await using folder = await folderWith("0.50.jpg", "0.60.jpg");
    await using elsewhere = await folderWith();
    const [a, b] = [elsewhere.file("a.ndjson"), elsewhere.file("b.ndjson")];
    await cli([folder.path, ...both, "-o", a]);
    await cli([folder.path, "-p", "noise", "-p", "sharpness", "-o", b]);
    const unnamed = await cli(["compare", a, b]);
    expect(unnamed.code).to.equal(2);
    expect(unnamed.err).to.include("a.ndjson has those of sharpness, noise. Say which with --preset.");
    expect((await cli(["compare", a, b, "-p", "qalign"])).code).to.equal(2);
    const { code, out, err } = await cli(["compare", a, b, "-p", "noise", "-f", "json"]);
    expect(code, err).to.equal(0);
    const { versions, header } = JSON.parse(out) as PairedComparison;
    expect(versions.map(({ score }) => score.value)).to.deep.equal([(0.25 + 0.36) / 2, 0.55]);
    expect(header?.presets.image.name).to.equal("noise");
    expect(header).not.to.have.property("alsoPresets");
  });

  it("are refused by evaluate where two have one name", async () => {
    await using folder = await folderWith("a-0.50.jpg");
    await writeFile(folder.file("list.csv"), "path,mos\na-0.50.jpg,1\n");
    const { code, err, scorer } = await cli([
      ...["evaluate", folder.file("list.csv"), "-p", "qboost", "-p", "qboost"],
      ...["--results", folder.file("kept")],
    ]);
    expect([code, scorer]).to.deep.equal([2, undefined]);
    expect(err).to.include('two are called "qboost"');
    expect(await readdir(folder.path)).not.to.include("kept");
  });

  it("must differ in name, and take no option that is of one", async () => {
    await using folder = await folderWith("a-0.50.jpg");
    await writeFile(
      folder.file("mine.json"),
      JSON.stringify({ ...JSON.parse((await cli(["presets", "noise"])).out) }),
    );
    for (const [argv, message] of [
      [["-p", "noise", "-p", "noise"], 'two are called "noise"'],
      [["-p", "noise", "-p", folder.file("mine.json")], 'two are called "noise"'],
      [[...both, "--video-preset", "qboost"], "Expected one --preset for --video-preset but received 2"],
      [[...both, "--question", "Nice?"], "Expected one --preset for --question and --tones but received 2"],
      [[...both, "--tones", "a;b"], "Expected one --preset for --question and --tones but received 2"],
    ] as const) {
      const { code, err, scorer } = await cli([folder.file("a-0.50.jpg"), ...argv]);
      expect([code, scorer]).to.deep.equal([2, undefined]);
      expect(err).to.include(message).and.include("(ERR_INVALID_ARGUMENT)");
    }
  });
});
