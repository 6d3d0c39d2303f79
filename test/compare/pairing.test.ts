import { expect } from "chai";
import { nameItems, pairNames, unifyForms, unifySingles, versionNames } from "../../src/compare/pairing.js";

const named = (paths: readonly string[], folder?: string): string[] => [
  ...nameItems(paths, (path) => path, folder).keys(),
];

const version = (name: string, ...keys: readonly string[]) => ({
  name,
  items: new Map(keys.map((key) => [key, key])),
});

describe("compare: pairing", () => {
  it("names items by their path without extension, from their folder", () => {
    expect(named(["q80/a.jpg", "q80/sub/b.x.jpg"], "q80")).to.deep.equal(["a", "sub/b.x"]);
    expect(named(["/x/q80/a.jpg", "/x/q80/sub/b.jpg"])).to.deep.equal(["a", "sub/b"]);
    expect(named(["a.jpg", "sub/b.jpg"])).to.deep.equal(["a", "sub/b"]);
    expect(named(["q80/a.jpg"])).to.deep.equal(["a"]);
  });

  it("refuses two files of one name", () => {
    expect(() => named(["q/a.jpg", "q/b.jpg", "q/a.png"]))
      .to.throw('q/a.jpg and q/a.png are both "a"')
      .with.property("code", "ERR_INVALID_ARGUMENT");
  });

  it("pairs what every version has, and says what each lacks", () => {
    const { names, unpaired } = pairNames([version("png", "a", "b", "c"), version("q80", "c", "a", "d")]);
    expect(names).to.deep.equal(["a", "c"]);
    expect(unpaired).to.deep.equal([
      { version: "png", lacks: ["d"] },
      { version: "q80", lacks: ["b"] },
    ]);
  });

  it("takes single files for versions of one picture, and only those", () => {
    const singles = unifySingles([version("old", "clip"), version("new", "clip-2")]);
    expect(pairNames(singles).names).to.deep.equal(["clip"]);
    expect(singles[1]?.items.get("clip")).to.equal("clip-2");
    const several = unifySingles([version("old", "clip"), version("new", "a", "b")]);
    expect(pairNames(several).names).to.deep.equal([]);
  });

  it("calls versions by the shortest names that tell them apart", () => {
    expect(versionNames(["out/png/", "out/q80.ndjson"])).to.deep.equal(["png", "q80"]);
    expect(versionNames(["q0.80", "q0.90"])).to.deep.equal(["q0.80", "q0.90"]);
    expect(versionNames(["a/q80", "b/q80"])).to.deep.equal(["a/q80", "b/q80"]);
  });

  it("pairs accents in either form, and keeps two files that differ in that alone apart", () => {
    const [composed, decomposed] = ["Gr\u00fcn", "Gru\u0308n"];
    const keys = (...versions: ReturnType<typeof version>[]): string[][] =>
      unifyForms(versions).map(({ items }) => [...items.keys()]);
    expect(keys(version("a", composed, "x"), version("b", "x", decomposed))).to.deep.equal([
      [composed, "x"],
      ["x", composed],
    ]);
    expect(keys(version("a", `${decomposed}/1`), version("b", `${composed}/1`))).to.deep.equal([
      [`${decomposed}/1`],
      [`${decomposed}/1`],
    ]);
    const both = version("a", composed, decomposed);
    expect(keys(both, version("b", decomposed))).to.deep.equal([[composed, decomposed], [decomposed]]);
    expect(keys(version("b", decomposed), both)).to.deep.equal([[decomposed], [composed, decomposed]]);
  });
});
