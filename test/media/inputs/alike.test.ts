import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { AlikeNames } from "../../../src/media/inputs/alike.js";
import { scratch } from "../helpers.js";

describe("AlikeNames", () => {
  const at = scratch();

  it("finds the closest names: the very one, other accents, another case", async () => {
    await mkdir(at("Pictures"));
    for (const name of ["Caf\u00e9.jpg", "cafe\u0301.JPG"]) await writeFile(at(`Pictures/${name}`), "");
    const find = (name: string): Promise<string[]> => new AlikeNames(true).find(at(`pictures/${name}`));
    expect(await find("Caf\u00e9.jpg")).to.deep.equal([at("Pictures/Caf\u00e9.jpg")]);
    expect(await find("Cafe\u0301.jpg")).to.deep.equal([at("Pictures/Caf\u00e9.jpg")]);
    expect(await find("CAFE\u0301.JPG")).to.have.members([
      at("Pictures/Caf\u00e9.jpg"),
      at("Pictures/cafe\u0301.JPG"),
    ]);
    expect(await new AlikeNames(false).find(at("pictures/Caf\u00e9.jpg"))).to.deep.equal([]);
  });

  // Each level once: looking through each of them again would take 3 ** 30 steps.
  it("looks through deep folders once for what is not there", async () => {
    const deep = join(at("deep"), ...Array.from({ length: 30 }, () => "folder"));
    await mkdir(deep, { recursive: true });
    expect(await new AlikeNames(true).find(join(deep, "missing.jpg"))).to.deep.equal([]);
    expect(await new AlikeNames(true).find(`${deep}${"/../folder".repeat(30)}/missing.jpg`)).to.deep.equal(
      [],
    );
  });

  it("follows no name of many thousand folders that are not there", async () => {
    expect(await new AlikeNames(true).find(at("a/".repeat(15_000)))).to.deep.equal([]);
    expect(await new AlikeNames(true).find(at("a/".repeat(200_000)))).to.deep.equal([]);
    expect(await new AlikeNames(true).find(at("./".repeat(2000)))).to.have.length(1);
  });
});
