import { copyFile, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { expect } from "chai";
import type { Input } from "../../../src/media/inputs/input.js";
import { cli, fakeIo, folderWith } from "../fakes.js";

const count = (text: string, part: string): number => text.split(part).length - 1;

describe("cli: reports", () => {
  it("writes a page beside the results", async () => {
    await using folder = await folderWith("0.80.jpg", "0.30.jpg", "broken.jpg");
    const { code, out } = await cli([folder.path, "-f", "csv", "--report", folder.file("page.html")]);
    expect(code).to.equal(1);
    expect(out).to.include("0.80.jpg,image,0.8");
    const page = await readFile(folder.file("page.html"), "utf8");
    expect(count(page, `class="tile"`)).to.equal(2);
    expect(page).to.include("One failed").and.include("<h2>Settings</h2>").and.include(`href="0.30.jpg"`);
    expect(await readdir(folder.path)).not.to.include("page.html.partial");
  });

  it("makes the same page of results that are there already", async () => {
    await using folder = await folderWith("0.80.jpg", "0.30.jpg", "broken.jpg", "clip-0.50.mp4");
    await writeFile(folder.file("unlearned-0.70.jpg"), "x");
    const [results, both, later] = ["r.ndjson", "both.html", "later.html"].map((name) => folder.file(name));
    await cli([folder.path, "-o", results ?? "", "--report", both ?? ""]);
    const { code } = await cli(["report", results ?? "", "-o", later ?? ""]);
    expect(code).to.equal(0);
    const page = await readFile(later ?? "", "utf8");
    expect(page).to.equal(await readFile(both ?? "", "utf8"));
    expect(page).to.include("never learned");
  });

  it("shows a run that was gone on with whole, each picture once", async () => {
    await using folder = await folderWith("0.80.jpg");
    await using elsewhere = await folderWith();
    const argv = [folder.path, "-o", elsewhere.file("r.ndjson"), "--resume"];
    await cli(argv);
    await writeFile(folder.file("0.30.jpg"), "new");
    const { scorer } = await cli([...argv, "--report", elsewhere.file("page.html")]);
    expect(scorer?.drawn).to.have.length(1);
    const page = await readFile(elsewhere.file("page.html"), "utf8");
    expect([...page.matchAll(/data-score="([^"]+)"/g)].map(([, score]) => score)).to.deep.equal([
      "0.3",
      "0.8",
    ]);
  });

  it("fails before a model is loaded where the page cannot be written", async () => {
    await using folder = await folderWith("0.80.jpg");
    const { code, err, scorer } = await cli([folder.path, "--report", folder.file("none/page.html")]);
    expect(code).to.equal(1);
    expect(err).to.include("its folder does not exist").and.include("ERR_OUTPUT");
    expect(scorer).to.equal(undefined);
  });

  it("takes no other file than one that ends in .html", async () => {
    await using folder = await folderWith("0.80.jpg");
    const { code, err, scorer } = await cli(["--report", folder.file("0.80.jpg"), folder.path]);
    expect(code).to.equal(2);
    expect(err).to.include("Expected a file name that ends in .html.");
    expect(scorer).to.equal(undefined);
    expect(await readFile(folder.file("0.80.jpg"), "utf8")).to.equal("content of 0.80.jpg");
  });

  it("says that the disk is full", async () => {
    await using folder = await folderWith("0.80.jpg");
    await symlink("/dev/full", folder.file("page.html"));
    const { code, err } = await cli([folder.file("0.80.jpg"), "--report", folder.file("page.html")]);
    expect(code).to.equal(1);
    expect(err).to.include("the disk is full");
  });

  it("leaves nothing behind where there is no run to report", async () => {
    await using folder = await folderWith("0.80.jpg");
    await writeFile(folder.file("page.html"), "an earlier page");
    const createScorer = () => Promise.reject(new Error("out of order"));
    await cli([folder.file("0.80.jpg"), "--report", folder.file("page.html")], { createScorer });
    expect(await readdir(folder.path)).to.have.members(["0.80.jpg", "page.html"]);
    expect(await readFile(folder.file("page.html"), "utf8")).to.equal("an earlier page");
  });

  it("shows what was scored until Ctrl-C", async () => {
    await using folder = await folderWith("a-0.80.jpg", "b-0.30.jpg", "c-0.50.jpg");
    const io = fakeIo();
    const before = (input: Input): void => {
      if (input.path.includes("b-")) io.pressCtrlC();
    };
    const ran = await cli([folder.path, "--report", folder.file("page.html")], { io, before });
    expect(ran.code).to.equal(130);
    expect(await readFile(folder.file("page.html"), "utf8")).to.include(`data-score="0.8"`);
  });

  it("shows what stored results name only from below their folder, the working folder and --pictures", async () => {
    const picture = resolve("test/fixtures/pictures/small.png");
    await using secret = await folderWith();
    await using folder = await folderWith("0.50.jpg");
    await copyFile(picture, secret.file("secret.png"));
    await copyFile(picture, folder.file("own.png"));
    await symlink(secret.file("secret.png"), folder.file("link.png"));
    const results = folder.file("r.ndjson");
    await cli([folder.file("0.50.jpg"), "-o", results]);
    const [header = "", line = ""] = (await readFile(results, "utf8")).split("\n");
    const shown = async (path: string, ...argv: string[]) => {
      await writeFile(results, `${header}\n${line.replace(folder.file("0.50.jpg"), path)}\n`);
      const { code, err } = await cli(["report", results, "-o", folder.file("page.html"), ...argv]);
      expect(code, err).to.equal(0);
      return (await readFile(folder.file("page.html"), "utf8")).includes("data:image/webp;base64,");
    };
    expect(await shown(folder.file("own.png"))).to.equal(true);
    expect(await shown(picture)).to.equal(true);
    for (const path of [
      secret.file("secret.png"),
      `${folder.path}/../${secret.path.split("/").at(-1) ?? ""}/secret.png`,
      folder.file("link.png"),
      "/dev/zero",
      "file:///etc/passwd",
      folder.path,
    ]) {
      expect(await shown(path), path).to.equal(false);
    }
    expect(await shown(secret.file("secret.png"), "--pictures", secret.path)).to.equal(true);
    expect(await shown(secret.file("secret.png"), "--pictures", folder.file("none"))).to.equal(false);
  });

  it("names the line that is no result, and what is not there or empty", async () => {
    await using folder = await folderWith("empty.ndjson");
    await writeFile(folder.file("bad.ndjson"), '{"type":"image"}\n');
    await writeFile(folder.file("empty.ndjson"), "");
    const report = async (name: string) => cli(["report", folder.file(name), "-o", folder.file("page.html")]);
    const [bad, empty, gone] = [
      await report("bad.ndjson"),
      await report("empty.ndjson"),
      await report("gone.ndjson"),
    ];
    expect(bad.err).to.include("its line 1 is no result of this version");
    expect(empty.err).to.include("it is empty");
    expect(gone.err).to.include("ERR_INPUT_NOT_FOUND");
    for (const { code } of [bad, empty, gone]) expect(code).to.equal(1);
    expect(await readdir(folder.path)).not.to.include("page.html");
  });

  it("takes JSON of scores and of comparisons, and nothing else", async () => {
    await using folder = await folderWith("old-0.80.jpg", "new-0.70.jpg", "other.json");
    const [old, now] = [folder.file("old-0.80.jpg"), folder.file("new-0.70.jpg")];
    await cli([old, now, "-o", folder.file("scores.json")]);
    await cli(["compare", old, now, "-o", folder.file("pairs.json")]);
    const report = async (name: string) => cli(["report", folder.file(name), "-o", folder.file("page.html")]);
    const page = () => readFile(folder.file("page.html"), "utf8");
    expect((await report("scores.json")).code).to.equal(0);
    expect(count(await page(), `class="tile"`)).to.equal(2);
    expect((await report("pairs.json")).code).to.equal(0);
    expect(await page()).to.include("old-0.80 · new-0.70");
    const other = await report("other.json");
    expect(other.code).to.equal(1);
    expect(other.err).to.include("Expected what tonescore, tonescore compare or tonescore evaluate wrote");
  });

  it("makes the same page of an evaluation, at once and later", async () => {
    const names = ["0.10.jpg", "0.20.jpg", "0.40.jpg", "0.60.jpg", "0.70.jpg", "0.90.jpg", "0.95.jpg"];
    await using folder = await folderWith(...names);
    const lines = names.map((name, index) => `${name},${index}`);
    await writeFile(folder.file("list.csv"), ["path,mos", ...lines, ""].join("\n"));
    const [both, later, json] = ["both.html", "later.html", "e.json"].map((name) => folder.file(name));
    const { code, err } = await cli([
      "evaluate",
      folder.file("list.csv"),
      "-o",
      json ?? "",
      "--report",
      both ?? "",
    ]);
    expect(code, err).to.equal(0);
    expect((await cli(["report", json ?? "", "-o", later ?? ""])).code).to.equal(0);
    const page = await readFile(both ?? "", "utf8");
    expect(page).to.include("The worst disagreements").and.include("Residuals");
    expect(await readFile(later ?? "", "utf8")).to.equal(page);
    const early = await cli(["evaluate", folder.file("list.csv"), "--report", folder.file("none/page.html")]);
    expect(early.code).to.equal(1);
    expect(early.scorer).to.equal(undefined);
  });

  it("takes a file whose writer was stopped in the middle of a line", async () => {
    await using folder = await folderWith("0.80.jpg", "0.30.jpg");
    await cli([folder.path, "-o", folder.file("r.ndjson")]);
    const text = await readFile(folder.file("r.ndjson"), "utf8");
    await writeFile(folder.file("r.ndjson"), text.slice(0, -30));
    const { code } = await cli(["report", folder.file("r.ndjson"), "-o", folder.file("page.html")]);
    expect(code).to.equal(0);
    expect(count(await readFile(folder.file("page.html"), "utf8"), `class="tile"`)).to.equal(1);
  });
});
