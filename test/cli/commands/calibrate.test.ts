import { expect } from "chai";
import { readFile, writeFile } from "node:fs/promises";
import type { Calibration } from "../../../src/evaluate/calibration/document.js";
import type { Evaluation } from "../../../src/results/evaluation.js";
import { presetHash } from "../../../src/prompts/presetHash.js";
import type { RunHeader, VideoResult } from "../../../src/results/result.js";
import { builtIn } from "../../prompts/builtIn.js";
import { cli, folderWith, type Folder } from "../fakes.js";

const numbers = Array.from({ length: 40 }, (_, index) => (index + 1) / 50);
const name = (number: number): string => `${number.toFixed(2)}.jpg`;

/** Thirty files to fit to, ten others; the MOS are 1 to 5 of the scores, a little off. */
async function sets(): Promise<Folder> {
  const folder = await folderWith(...numbers.map(name));
  const listOf = (some: readonly number[]): string =>
    `path,mos\n${some.map((number, index) => `${name(number)},${1 + 4 * number + (index % 3) / 10}`).join("\n")}\n`;
  await writeFile(folder.file("train.csv"), listOf(numbers.filter((_, index) => index % 4 > 0)));
  await writeFile(folder.file("test.csv"), listOf(numbers.filter((_, index) => index % 4 === 0)));
  return folder;
}

const recipe = builtIn("qboost");
const identity = { name: "qboost", hash: presetHash(recipe), prompts: [], temperature: 1, recipe };
const identities = { image: identity, video: identity };

const fit = (folder: Folder, ...argv: string[]) =>
  cli(["calibrate", folder.file("train.csv"), "-o", folder.file("mos.json"), ...argv]);

describe("cli: calibrate", () => {
  for (const method of ["logistic", "isotonic"]) {
    it(`writes a map with its provenance, and puts other files on its scale: ${method}`, async () => {
      await using folder = await sets();
      const { code, out, err } = await fit(folder, "--method", method);
      expect([code, err]).to.deep.equal([0, ""]);
      expect(out).to.match(
        /not fitted to \(5 folds, seed 1, n = 30\): SRCC 0\.9\d\d, PLCC 0\.9\d\d, RMSE 0\.\d+, mean error 0\.\d+/,
      );
      const calibration = JSON.parse(await readFile(folder.file("mos.json"), "utf8")) as Calibration;
      expect(calibration).to.deep.include({
        type: "calibration",
        scale: "MOS of train.csv",
        model: { name: "fake", sha256: "aa" },
        lowest: 1 + 4 * 0.04,
      });
      expect(calibration.dataset.sha256).to.match(/^[0-9a-f]{64}$/);
      const argv = ["--calibration", folder.file("mos.json"), "--format", "json", "--bootstrap", "0"];
      const applied = await cli(["evaluate", folder.file("test.csv"), ...argv]);
      const [evaluation] = (JSON.parse(applied.out) as Evaluation).evaluations;
      expect(evaluation?.scale).to.equal(`MOS of train.csv, ${method} calibration`);
      expect(evaluation?.overall.metrics?.rmse?.value).to.be.below(0.2);
      for (const row of evaluation?.rows ?? []) expect(row.score).to.be.closeTo(row.mos, 0.4);
    });
  }

  it("puts results and their frames on its scale, which they name", async () => {
    await using folder = await sets();
    await fit(folder, "-p", "qboost");
    await writeFile(folder.file("0.50.mp4"), "x");
    const calibration = ["--calibration", folder.file("mos.json")];
    const argv = ["score", folder.file("0.40.jpg"), folder.file("0.50.mp4"), "-p", "qboost", ...calibration];
    const { code, out, err } = await cli([...argv, "--format", "csv"], { header: { presets: identities } });
    expect(err).to.match(/2 scored: mean \d\.\d{3}/);
    expect(code).to.equal(0);
    expect(out).to.match(/0\.40\.jpg,image,2\.[67]\d+,/);
    const json = await cli([...argv, "--format", "json"], { header: { presets: identities } });
    const document = JSON.parse(json.out) as { header: RunHeader; results: VideoResult[] };
    expect(document.header.settings?.scale).to.equal("MOS of train.csv, logistic calibration");
    expect(document.results[1]?.scale).to.equal("MOS of train.csv, logistic calibration");
    expect(document.results[1]?.frames[1]?.score).to.be.within(1.9, 2.3); // of 0.25
    expect((await cli([...argv, "--scale", "mos"])).err).to.include("cannot be used with");
    expect((await cli([...argv, "--fail-under", "3"], { header: { presets: identities } })).code).to.equal(4);
    expect((await cli([...argv, "--fail-under", "30"])).err).to.match(/Expected 1\.16 to .*for --fail-under/);
    const other = await cli(argv.filter((argument) => argument !== "-p" && argument !== "qboost"));
    expect(other.err).to.match(
      /0\.50\.mp4.*Expected scores of fake, fake encoder, qboost, to which the calibration was fitted, but these/,
    );
    expect(other.code).to.equal(1);
  });

  it("is not measured on files that it was fitted to", async () => {
    await using folder = await sets();
    await fit(folder);
    const { code, err } = await cli([
      "evaluate",
      folder.file("train.csv"),
      "--calibration",
      folder.file("mos.json"),
    ]);
    expect(code).to.equal(2);
    expect(err).to.match(/30 of the 30 files are among those.*ERR_CALIBRATION/);
  });

  it("holds for pictures that were looked at alike", async () => {
    await using folder = await sets();
    await fit(folder, "-p", "qboost");
    const argv = [folder.file("test.csv"), "-p", "qboost", "--calibration", folder.file("mos.json")];
    const views = { name: "detail", crops: 2, side: 512, whole: 0.2 } as const;
    const { code, err } = await cli(["evaluate", ...argv], { header: { presets: identities, views } });
    expect(code).to.equal(2);
    expect(err).to.match(/Expected scores of .*, views "whole", .* these are of .*, views "detail"/);
  });

  it("holds for its own model and preset", async () => {
    await using folder = await sets();
    await fit(folder);
    const argv = ["evaluate", folder.file("test.csv"), "--calibration", folder.file("mos.json")];
    expect((await cli([...argv, "-p", "qalign"])).err).to.match(
      /scores of fake, fake encoder, qboost, to which .* was fitted, but these are of fake, fake encoder, qalign/,
    );
    const model = { path: "/models/fake.gguf", name: "fake", sha256: "zz" };
    expect((await cli(argv, { header: { model } })).err).to.include(
      "Their names agree, but not their contents.",
    );
  });

  it("says how many files there were, and how many it used", async () => {
    const some = numbers.slice(0, 24);
    await using folder = await folderWith(...some.map(name), "broken.jpg");
    const list = (files: readonly string[]) =>
      writeFile(
        folder.file("train.csv"),
        `path,mos\n${files.map((file, index) => `${file},${1 + index / 10}`).join("\n")}\n`,
      );
    await list(some.map(name));
    const all = await fit(folder);
    expect([all.code, all.err]).to.deep.equal([0, ""]);
    expect(all.out).to.include("n = 24");
    await list([...some.map(name), "broken.jpg", "gone.jpg"]);
    const most = await fit(folder, "--allow-missing");
    expect(most.code).to.equal(1);
    expect(most.out).to.include("n = 24");
    expect(most.err).to.include("of 26 listed, 1 is not there and 1 has no score, and are left out");
    await list([...some.slice(0, 18).map(name), "broken.jpg"]);
    const few = await fit(folder);
    expect(few.code).to.equal(2);
    expect(few.err).to.include(
      "at least 20 rated files with a score for a calibration, but there are 18: of 19 listed, 1 has no score",
    );
  });

  it("is refused where it makes no sense", async () => {
    await using folder = await sets();
    const two = await fit(folder, "-p", "qboost", "-p", "qalign");
    expect(two.err).to.match(/one model and preset for a calibration, but 2/);
    expect(two.scorer, "nothing is scored for it").to.equal(undefined);
    expect((await fit(folder, "--dmos")).err).to.match(/scores that rise with the MOS .* but these fall/);
    expect((await cli(["calibrate", folder.file("train.csv")])).err).to.include("--output");
    await writeFile(folder.file("other.json"), "{}");
    const { err } = await cli([
      "evaluate",
      folder.file("test.csv"),
      "--calibration",
      folder.file("other.json"),
    ]);
    expect(err).to.match(/a calibration in ".*other\.json", but "type" is wrong/);
  });
});
