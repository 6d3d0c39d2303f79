import { mkdir, readFile, writeFile } from "node:fs/promises";
import { expect } from "chai";
import type { PairedComparison } from "../../../src/results/comparison.js";
import { cli, type Folder, folderWith } from "../fakes.js";

/** Folders of files whose names, and so whose fake scores, are given. */
async function versions(files: Readonly<Record<string, readonly string[]>>): Promise<Folder> {
  const folder = await folderWith();
  for (const [name, paths] of Object.entries(files)) {
    await mkdir(folder.file(name));
    for (const path of paths) await writeFile(folder.file(`${name}/${path}`), `content of ${path}`);
  }
  return folder;
}

/** The fake scorer reads the score of a folder's files from the folder: `v-0.80/a.jpg`. */
const ladder = () =>
  versions({
    "v-0.80": ["a.png", "b.png", "c.png"],
    "v-0.60": ["a.jpg", "b.jpg"],
    "v-0.85": ["a.webp", "b.webp"],
  });

describe("cli: compare", () => {
  it("holds versions against the first, in a table", async () => {
    await using folder = await ladder();
    const paths = ["v-0.80", "v-0.60", "v-0.85"].map((name) => folder.file(name));
    const { code, out, err } = await cli(["compare", ...paths]);
    expect(code).to.equal(0);
    const [titles, ...rows] = out.split("\n");
    expect(titles).to.match(/^version +score +difference +95% interval +better +bits\/pixel +size$/);
    expect(rows[0]).to.match(/^v-0.80 +0\.800 +0\.000 +\d+ B$/);
    expect(rows[1]).to.match(/^v-0.60 +0\.600 +-0\.200 +-0\.200 to -0\.200 +0 of 2 +0\.000 +\d+ B$/);
    expect(rows[2]).to.match(/^v-0.85 +0\.850 +\+0\.050 +\+0\.050 to \+0\.050 +2 of 2/);
    expect(out)
      .to.include("most lost")
      .and.match(/v-0\.60 +a +0\.800 → 0\.600 +-0\.200/);
    expect(err).to.include("v-0.60 lacks c, which therefore count nowhere");
  });

  it("scores only what is paired", async () => {
    await using folder = await ladder();
    const { scorer } = await cli(["compare", folder.file("v-0.80"), folder.file("v-0.60")]);
    expect(scorer?.drawn.map(({ path }) => path.slice(folder.path.length + 1))).to.deep.equal([
      ...["v-0.80/a.png", "v-0.60/a.jpg", "v-0.80/b.png", "v-0.60/b.jpg"],
    ]);
    expect(scorer?.closed).to.equal(true);
  });

  it("gives CSV and JSON for pipes", async () => {
    await using folder = await ladder();
    const paths = [folder.file("v-0.80"), folder.file("v-0.60")];
    const csv = await cli(["compare", ...paths, "-o", folder.file("pairs.csv")]);
    expect(csv.out).to.equal("");
    const lines = (await readFile(folder.file("pairs.csv"), "utf8")).split("\r\n");
    expect(lines[0]).to.equal("name,version,path,score,difference,bytes,bits_per_pixel");
    expect(lines).to.have.length(6);
    expect(lines[2]).to.match(/^a,v-0\.60,.*a\.jpg,0\.6,-0\.2\d*,16,0\.0004\d+$/);
    const json = JSON.parse((await cli(["compare", ...paths, "-f", "json"])).out) as PairedComparison;
    expect(json.versions.map(({ name }) => name)).to.deep.equal(["v-0.80", "v-0.60"]);
    expect(json.unpaired).to.deep.equal([{ version: "v-0.60", lacks: ["c"] }]);
    expect(json.header?.settings?.scale).to.equal("unit");
  });

  it("takes results that were scored before, without a model, and both kinds together", async () => {
    await using folder = await ladder();
    const results = folder.file("old.ndjson");
    await cli([folder.file("v-0.60"), "-o", results]);
    const mixed = await cli(["compare", folder.file("v-0.80"), results, "-f", "json"]);
    expect(mixed.scorer?.drawn).to.have.length(2);
    expect(mixed.err).not.to.include("different settings");
    const { pictures } = JSON.parse(mixed.out) as PairedComparison;
    expect(pictures.map(({ items }) => items.map((item) => item.score))).to.deep.equal([
      [0.8, 0.6],
      [0.8, 0.6],
    ]);
    const again = await cli(["compare", results, results]);
    expect(again.code).to.equal(0);
    expect(again.scorer).to.equal(undefined);
    expect(again.out).to.include("0 of 2");
  });

  it("warns of other settings, and refuses another scale", async () => {
    await using folder = await ladder();
    const [unit, percent] = [folder.file("unit.ndjson"), folder.file("percent.ndjson")];
    await cli([folder.file("v-0.60"), "-o", unit, "--fps", "2"]);
    await cli([folder.file("v-0.60"), "-o", percent, "--scale", "percent"]);
    const other = await cli(["compare", folder.file("v-0.80"), unit]);
    expect(other.code).to.equal(0);
    expect(other.err).to.include("different settings").and.include("settings.sampling");
    const refused = await cli(["compare", folder.file("v-0.80"), percent]);
    expect(refused.code).to.equal(2);
    expect(refused.err).to.include("Expected scores on one scale, but received unit and percent");
  });

  it("pairs two files whatever their names", async () => {
    await using folder = await folderWith("old-0.80.jpg", "new-0.70.jpg");
    const { code, out } = await cli(["compare", folder.file("old-0.80.jpg"), folder.file("new-0.70.jpg")]);
    expect(code).to.equal(0);
    expect(out).to.match(/new-0\.70 +0\.700 +-0\.100 +0 of 1/);
    expect(out).not.to.include("most lost");
  });

  it("leaves out what fails in one version, and exits with 1", async () => {
    await using folder = await versions({
      "v-0.80": ["a.png", "broken.png"],
      "v-0.60": ["a.jpg", "broken.jpg"],
    });
    const { code, out, err } = await cli(["compare", folder.file("v-0.80"), folder.file("v-0.60")]);
    expect(code).to.equal(1);
    expect(err).to.include("broken.jpg: Expected a picture");
    expect(out).to.match(/v-0\.60 +0\.600 +-0\.200 +0 of 1/);
  });

  it("says so where everything failed", async () => {
    await using folder = await versions({ one: ["broken.png"], two: ["broken.jpg"] });
    const { code, out, err } = await cli(["compare", folder.file("one"), folder.file("two")]);
    expect(code).to.equal(1);
    expect(out + err).not.to.include("NaN");
    expect(err).to.include("nothing was scored in every version");
  });

  it("helps with what does not pair", async () => {
    await using folder = await versions({ one: ["a-1.png", "b-1.png"], two: ["a-2.png", "b-2.png"] });
    const none = await cli(["compare", folder.file("one"), folder.file("two")]);
    expect(none.code).to.equal(2);
    expect(none.err).to.include("one: a-1, b-1").and.include("two: a-2, b-2");
    expect(none.scorer).to.equal(undefined);
    const alone = await cli(["compare", folder.file("one")]);
    expect(alone.code).to.equal(2);
    expect(alone.err).to.include("Expected two versions or more");
    const gone = await cli(["compare", folder.file("one"), folder.file("three")]);
    expect(gone.code).to.equal(1);
    expect(gone.err).to.include("three").and.include("ERR_INPUT_NOT_FOUND");
  });

  it("writes a page", async () => {
    await using folder = await ladder();
    const paths = ["v-0.80", "v-0.60", "v-0.85"].map((name) => folder.file(name));
    const { code } = await cli(["compare", ...paths, "--report", folder.file("page.html")]);
    expect(code).to.equal(0);
    const page = await readFile(folder.file("page.html"), "utf8");
    expect(page).to.include("Score against size").and.include("Not in every version");
    const early = await cli(["compare", ...paths, "--report", folder.file("none/page.html")]);
    expect(early.code).to.equal(1);
    expect(early.scorer).to.equal(undefined);
  });
});
