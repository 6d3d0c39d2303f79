import { expect } from "chai";
import { readdir, readFile, writeFile } from "node:fs/promises";
import type { Evaluation } from "../../../src/results/evaluation.js";
import { cli, fakeIo, FakeStream, folderWith, type Folder } from "../fakes.js";

/** The fake scorer gives the score that a file's name holds; the MOS rise with it but for one. */
const scores = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
const names = scores.map((score) => `${score.toFixed(2)}.jpg`);
const list = `path,mos,group\n${names.map((name, index) => `${name},${index === 3 ? 9 : index + 1},${index % 2 ? "odd" : "even"}`).join("\n")}\n`;

async function datasetFolder(...more: string[]): Promise<Folder> {
  const folder = await folderWith(...names, ...more);
  await writeFile(folder.file("list.csv"), list + more.map((name) => `${name},1,odd\n`).join(""));
  return folder;
}

async function report(...argv: string[]): Promise<Evaluation> {
  const { out, err } = await cli(["evaluate", ...argv, "--format", "json"]);
  expect(err).to.equal("");
  return JSON.parse(out) as Evaluation;
}

describe("cli: evaluate", () => {
  it("prints the agreement of a dataset's scores with its MOS", async () => {
    await using folder = await datasetFolder();
    const { code, out, err, scorer } = await cli(["evaluate", folder.file("list.csv")]);
    expect(err).to.equal("");
    expect(code).to.equal(0);
    expect(out).to.match(/list\.csv: n = 8; 95% intervals of 1000 resamples, seed 1\n/);
    expect(out).to.match(/^SRCC +0\.762 \[-?\d\.\d{3}, \d\.\d{3}\]$/m);
    expect(out).to.match(/^PLCC, 4-parameter logistic +0\.\d{3} \[/m);
    expect(out).to.match(/^even +4 +1\.000 \/ 1\.000$/m);
    expect(scorer?.closed).to.equal(true);
  });

  it("takes no curve that turns within the scores, and says so", async () => {
    // Rising, with a drop in the middle that only the five-parameter curve follows.
    await using folder = await folderWith(...names);
    const mos = [1, 2.2, 3.1, 4, 2, 3, 4.1, 5];
    await writeFile(
      folder.file("list.csv"),
      `path,mos\n${names.map((name, i) => `${name},${mos[i]}`).join("\n")}\n`,
    );
    const table = await cli(["evaluate", folder.file("list.csv"), "--report", folder.file("page.html")]);
    expect(table.out).to.match(/^PLCC, 4-parameter logistic +0\.\d{3} \[/m);
    expect(table.out).to.match(/^PLCC, 5-parameter logistic +not monotone$/m);
    const [evaluation] = (await report(folder.file("list.csv"))).evaluations;
    expect(evaluation?.overall.metrics?.curves.map(({ name }) => name)).to.deep.equal(["logistic4"]);
    expect(evaluation?.overall.metrics?.notMonotone).to.deep.equal(["logistic5"]);
    const page = await readFile(folder.file("page.html"), "utf8");
    expect(page).to.include("4-parameter logistic; the 5-parameter logistic is not monotone");
    expect(page).to.include("what the 4-parameter logistic expects of the score");
  });

  it("has every file's score in its JSON", async () => {
    await using folder = await datasetFolder();
    const { evaluations, dataset, bootstrap } = await report(
      folder.file("list.csv"),
      "--bootstrap",
      "20",
      "--seed",
      "7",
    );
    expect(bootstrap).to.deep.equal({ resamples: 20, seed: 7 });
    expect(dataset).to.include({ layout: "table", listed: 8, missing: 0, failed: 0, dmos: false });
    const [evaluation] = evaluations;
    expect(evaluation).to.include({ name: "qboost", scale: "unit" });
    expect(evaluation?.rows[3]).to.deep.equal({
      path: folder.file("0.40.jpg"),
      mos: 9,
      score: 0.4,
      group: "odd",
    });
    expect(evaluation?.groups.map(({ group, n }) => [group, n])).to.deep.equal([
      ["even", 4],
      ["odd", 4],
    ]);
  });

  it("compares presets on one pass, and models by name", async () => {
    await using folder = await datasetFolder();
    const presets = await report(folder.file("list.csv"), "-p", "qboost", "-p", "qalign");
    expect(presets.evaluations.map(({ name }) => name)).to.deep.equal(["qboost", "qalign"]);
    expect(presets.comparisons[0]).to.deep.include({ first: "qboost", second: "qalign" });
    expect(presets.comparisons[0]?.srcc).to.deep.equal({ value: 0, low: 0, high: 0 });
    expect(presets.comparisons[0]?.plcc.value).not.to.equal(0);
    const models = await report(
      folder.file("list.csv"),
      "-m",
      "a.gguf",
      "-m",
      "dir/b.gguf",
      "-p",
      "qboost",
      "-p",
      "qalign",
    );
    expect(models.evaluations.map(({ name }) => name)).to.deep.equal([
      "a qboost",
      "a qalign",
      "b qboost",
      "b qalign",
    ]);
  });

  it("writes CSV, a row a preset and group, as the ending says", async () => {
    await using folder = await datasetFolder();
    const { code, out } = await cli([
      "evaluate",
      folder.file("list.csv"),
      "-o",
      folder.file("out.csv"),
      "--bootstrap",
      "0",
    ]);
    expect([code, out]).to.deep.equal([0, ""]);
    const lines = (await readFile(folder.file("out.csv"), "utf8")).split("\r\n");
    expect(lines[0]).to.match(/^evaluation,group,n,reason,srcc,srcc_low,srcc_high,krcc,/);
    expect(lines.slice(1).map((line) => line.split(",").slice(0, 3).join())).to.deep.equal([
      "qboost,,8",
      "qboost,even,4",
      "qboost,odd,4",
      "",
    ]);
  });

  it("leaves out a bad picture with its own error, and exits with 1", async () => {
    await using folder = await datasetFolder("broken.jpg");
    const { code, out, err } = await cli(["evaluate", folder.file("list.csv"), "--bootstrap", "0"]);
    expect(code).to.equal(1);
    expect(out).to.include("n = 8, 1 without a score\n");
    expect(err)
      .to.match(/broken\.jpg: Expected a picture.*ERR_IMAGE_DECODE/)
      .and.include("1 files have no score");
  });

  it("warns of a preset that the model never learned", async () => {
    await using folder = await folderWith("unlearned-0.10.jpg", "unlearned-0.20.jpg", "list.csv");
    await writeFile(folder.file("list.csv"), "name,mos\nunlearned-0.10.jpg,1\nunlearned-0.20.jpg,2\n");
    const { err } = await cli(["evaluate", folder.file("list.csv"), "-p", "aesthetics"]);
    expect(err).to.match(
      /^tonescore: the model was never taught what the preset "[\w-]+" asks.*--model.*\n$/,
    );
  });

  it("says why there is no correlation", async () => {
    await using folder = await folderWith("0.10.jpg", "0.20.jpg");
    await writeFile(folder.file("list.csv"), "path,mos\n0.10.jpg,1\n0.20.jpg,2\n");
    const { code, out } = await cli(["evaluate", folder.file("list.csv")]);
    expect(code).to.equal(0);
    expect(out).to.include("qboost: A correlation needs at least 3 rows, and there are 2.");
    expect(out).not.to.include("NaN");
  });

  it("keeps results, and goes on with them where it was stopped", async () => {
    await using folder = await datasetFolder();
    const results = folder.file("results");
    const argv = ["evaluate", folder.file("list.csv"), "-p", "qboost", "-p", "qalign", "--results", results];
    const io = fakeIo();
    const stopped = await cli(argv, {
      io,
      before: (input) => {
        if (input.path.includes("0.40")) io.pressCtrlC();
      },
    });
    expect(stopped.code).to.equal(130);
    expect(stopped.err).to.include("--resume goes on");
    const files = await readdir(results);
    expect(files.map((file) => file.split(".").slice(0, 2).join("."))).to.have.members([
      "fake.qalign",
      "fake.qboost",
    ]);
    const resumed = await cli([...argv, "--resume"]);
    expect(resumed.code).to.equal(0);
    expect(resumed.scorer?.drawn.map(({ path }) => path)).to.deep.equal(
      names.slice(3).map((name) => folder.file(name)),
    );
    expect(resumed.out).to.include("n = 8");
    const [first = ""] = files;
    expect((await readFile(`${results}/${first}`, "utf8")).trimEnd().split("\n")).to.have.length(1 + 8);
  });

  it("draws a progress bar on a terminal", async () => {
    await using folder = await datasetFolder();
    const stderr = new FakeStream(100);
    const wait = () => new Promise<void>((resolve) => setTimeout(resolve, 60));
    await cli(["evaluate", folder.file("list.csv")], { io: fakeIo(new FakeStream(), stderr), before: wait });
    expect(stderr.text).to.match(/\d+% +\d\/8/);
  });

  const wrong: [argv: string[], message: RegExp][] = [
    [[], /Expected a dataset/],
    [["list.csv", "--resume"], /for --resume, but none.*--results/],
    [["list.csv", "-m", "a", "-m", "b", "--mmproj", "c"], /--mmproj for each of the 2 models.*1/],
    [["list.csv", "-p", "qbost"], /did you mean "qboost"/],
    [["list.csv", "--mos-column", "MSO"], /a column "MSO" in .* there is none.*it has: path, mos, group/],
    [["list.csv", "--bootstrap", "-1"], /whole number from 0 to 1000000/],
    [["gone.csv"], /nothing is there/],
  ];
  for (const [argv, message] of wrong) {
    it(`is refused with a remedy: ${argv.join(" ") || "no dataset"}`, async () => {
      await using folder = await datasetFolder();
      const given = argv.map((word) => (word.endsWith(".csv") ? folder.file(word) : word));
      const { err, out, code } = await cli(["evaluate", ...given]);
      expect(err).to.match(message);
      expect(out).to.equal("");
      expect(code).not.to.equal(0);
    });
  }
});
