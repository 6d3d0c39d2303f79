import { mkdir, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { dropRefusals } from "../../../src/cli/commands/compare/dropGate.js";
import { cli, folderWith } from "../fakes.js";

/** A version's pictures; the fake scorer takes their score from the folder's name. */
async function pictures(folder: string): Promise<string> {
  await mkdir(folder);
  for (const name of ["x.jpg", "y.jpg"]) await writeFile(`${folder}/${name}`, folder);
  return folder;
}

describe("cli: compare --max-drop", () => {
  it("exits with 4 where a version's mean falls further, or something is not known", async () => {
    await using folder = await folderWith();
    const [a, b] = [folder.file("a"), folder.file("b")];
    for (const [path, name] of [
      [a, "0.80.jpg"],
      [b, "0.80.jpg"],
      [a, "0.60.jpg"],
      [b, "0.60.jpg"],
    ] as const) {
      await mkdir(path, { recursive: true });
      await writeFile(`${path}/${name}`, `content of ${path}`);
    }
    expect((await cli(["compare", a, b, "--max-drop", "0"])).code).to.equal(0);
    await writeFile(`${a}/broken.jpg`, "x");
    await writeFile(`${b}/broken.jpg`, "x");
    const failed = await cli(["compare", a, b, "--max-drop", "0.1"]);
    expect(failed.code).to.equal(4);
    expect(failed.err).to.include("2 failed, which --max-drop does not pass");
  });

  it("says why on one line, even when quiet", async () => {
    await using folder = await folderWith();
    const [base, lower, untrusted] = await Promise.all(
      ["base-0.80", "lower-0.70", "untrusted-0.80"].map((name) => pictures(folder.file(name))),
    );
    const compare = (other = "", ...argv: string[]) => cli(["compare", base ?? "", other, ...argv]);
    const dropped = await compare(lower, "--max-drop", "0.05", "-q");
    expect(dropped.code).to.equal(4);
    expect(dropped.err).to.match(/^tonescore: lower-0\S* is 0\.100 below the baseline, more than 0\.05\n$/);
    expect((await compare(lower, "--max-drop", "0.1")).code).to.equal(0);
    const unsure = await compare(untrusted, "--max-drop", "0.5", "-q");
    expect(unsure.code).to.equal(4);
    expect(unsure.err).to.equal("tonescore: 2 scores are not trusted, which --max-drop does not pass\n");
    expect((await compare(untrusted)).code).to.equal(0);
  });

  it("holds each version's mean against the limit", () => {
    const version = (name: string, value: number) => ({
      ...{ name, score: { value: 0.5 }, difference: { value } },
      ...{ better: 0, equal: 0, worse: 1 },
    });
    const versions = [version("base", 0), version("fine", -0.02), version("poor", -0.021)];
    const found = { versions, errors: [], unpaired: [] };
    expect(dropRefusals(found, [], 0.02)).to.deep.equal(["poor is 0.021 below the baseline, more than 0.02"]);
    expect(
      dropRefusals({ ...found, versions: [version("base", 0), version("nan", NaN)] }, [], 1),
    ).to.have.length(1);
    const lacking = { versions: [], errors: [], unpaired: [{ version: "poor", lacks: ["a"] }] };
    expect(dropRefusals(lacking, [], 0.02)).to.have.length(1);
  });
});
