import { expect } from "chai";
import { parseGlob } from "../../../src/media/inputs/glob.js";

const names = [
  ...["Photos (2020)/one.jpg", "Photos (2020)/IMG (1).jpg", "Photos (2020)/1.jpg", "Photos (2020)/11.jpg"],
  ...[
    "Photos (2020)/sub (a)/deep.jpg",
    "Album [1]/one.jpg",
    "Album 1/one.jpg",
    "open (/x.jpg",
    "close )/x.jpg",
  ],
  ...["a.jpg", "b.jpg", "c.jpg", "(a).jpg", "a|b.jpg", "a+b.jpg", "aab.jpg", "!a.jpg", "#a.jpg", "@a.jpg"],
  ...[
    "a{b.jpg",
    "a}b.jpg",
    "a[b.jpg",
    "a]b.jpg",
    "a{2}.jpg",
    "a^b$c.jpg",
    "x(b)y.jpg",
    "!odd/a.jpg",
    ".h/a.jpg",
  ],
  ...["a\\b.jpg", "Gru\u0308n.jpg", "*.jpg"],
];

/** What a pattern takes of the names above, each below folders that it would enter. */
function taken(pattern: string): string[] {
  const glob = parseGlob(pattern);
  if (!glob) return names.includes(pattern) ? [pattern] : [];
  return names.filter((name) => {
    if (!name.startsWith(glob.folder)) return false;
    const inner = name.slice(glob.folder.length);
    const folders = inner.split("/").slice(0, -1);
    const enters = folders.every((_, index) => glob.enters(folders.slice(0, index + 1).join("/")));
    return enters && glob.takes(inner);
  });
}

describe("globs", () => {
  const inPhotos = (...files: string[]): string[] => files.map((file) => `Photos (2020)/${file}`);
  const cases: [pattern: string, expected: string[]][] = [
    ["Photos (2020)/*.jpg", inPhotos("one.jpg", "IMG (1).jpg", "1.jpg", "11.jpg")],
    ["Photos (*)/one.jpg", inPhotos("one.jpg")],
    ["P* (2020)/one.jpg", inPhotos("one.jpg")],
    ["**/Photos (2020)/one.jpg", inPhotos("one.jpg")],
    ["*(2020)*/o*.jpg", ["Photos (2020)/one.jpg", "Album [1]/one.jpg", "Album 1/one.jpg"]],
    ["Photos (2020)/**/d*.jpg", inPhotos("sub (a)/deep.jpg")],
    ["Photos (2020)/* (1).jpg", inPhotos("IMG (1).jpg")],
    ["Photos (2020)/*(1).jpg", inPhotos("1.jpg", "11.jpg")],
    ["Photos (2020)/IMG ([0-9]).jpg", inPhotos("IMG (1).jpg")],
    ["Photos (2020)/@(one|11).jpg", inPhotos("one.jpg", "11.jpg")],
    ["Photos (2020)/{one,IMG (1)}.jpg", inPhotos("one.jpg", "IMG (1).jpg")],
    ["@(Photos (2020)|Album 1)/one.jpg", [...inPhotos("one.jpg"), "Album 1/one.jpg"]],
    ["Album [1]/*.jpg", ["Album [1]/one.jpg", "Album 1/one.jpg"]],
    ["open (/*.jpg", ["open (/x.jpg"]],
    ["close )/*.jpg", ["close )/x.jpg"]],
    ["o*(/x.jpg", ["open (/x.jpg"]],
    ["@(a|b).jpg", ["a.jpg", "b.jpg"]],
    ["(a*.jpg", ["(a).jpg"]],
    ["\\(a*.jpg", ["(a).jpg"]],
    ["(a|b)*.jpg", []],
    ["a|b*.jpg", ["a|b.jpg"]],
    ["a+b*.jpg", ["a+b.jpg"]],
    ["[a]+b*.jpg", ["a+b.jpg"]],
    ["+(a)b*.jpg", ["aab.jpg"]],
    ["!a*.jpg", ["!a.jpg"]],
    ["!odd/*.jpg", ["!odd/a.jpg"]],
    ["#a*.jpg", ["#a.jpg"]],
    ["@a*.jpg", ["@a.jpg"]],
    ["a{b*.jpg", ["a{b.jpg"]],
    ["a}b*.jpg", ["a}b.jpg"]],
    ["a[b*.jpg", ["a[b.jpg"]],
    ["a]b*.jpg", ["a]b.jpg"]],
    ["a{2}*.jpg", ["a{2}.jpg"]],
    ["a^b$c*.jpg", ["a^b$c.jpg"]],
    ["x(b)*.jpg", ["x(b)y.jpg"]],
    ["[!ab].jpg", ["c.jpg", "*.jpg"]],
    ["[[:lower:]].jpg", ["a.jpg", "b.jpg", "c.jpg"]],
    ["[]a].jpg", ["a.jpg"]],
    ["{a,b}.jpg", ["a.jpg", "b.jpg"]],
    ["{Album 1/one,a}.jpg", ["a.jpg", "Album 1/one.jpg"]],
    ["\\*.jp*", ["*.jpg"]],
    [".h/*.jpg", [".h/a.jpg"]],
    ["*/a.jpg", ["!odd/a.jpg"]],
    ["Gr\u00fcn*.jpg", ["Gru\u0308n.jpg"]],
  ];
  for (const [pattern, expected] of cases) {
    it(`mean what they mean to bash: ${pattern}`, () => {
      expect(taken(pattern)).to.have.members(expected);
    });
  }

  it("are only what could mean several files", () => {
    for (const name of [
      "Photos (2020)/one.jpg",
      "a.jpg",
      "!a.jpg",
      "a{b.jpg",
      "a[b.jpg",
      "a|b.jpg",
      "x(y).jpg",
    ]) {
      expect(parseGlob(name), name).to.equal(undefined);
    }
  });

  it("look below the deepest folder that is named, and no deeper than they must", () => {
    expect(parseGlob("/data/Photos (2020)/x{1,2}/*.jpg")?.folder).to.equal("/data/Photos (2020)/");
    expect(parseGlob("../\\(a\\)/*.jpg")?.folder).to.equal("../(a)/");
    expect(parseGlob("@(a|b)/c.jpg")?.folder).to.equal("");
    const glob = parseGlob("a*/b/*.jpg");
    expect(["a1", "b", "a1/b", "a1/c", "a1/b/c"].filter((folder) => glob?.enters(folder))).to.deep.equal([
      "a1",
      "a1/b",
    ]);
    const deep = parseGlob("x*/**/*.jpg");
    expect(["x/y/z", "y", "x/.z", "x/node_modules"].filter((folder) => deep?.enters(folder))).to.deep.equal([
      "x/y/z",
    ]);
    expect(parseGlob("**/.z/*.jpg")?.enters("x/.z")).to.equal(true);
    expect(parseGlob("**/node_modules/*.jpg")?.enters("x/node_modules")).to.equal(true);
  });
});
