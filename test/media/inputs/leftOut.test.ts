import { expect } from "chai";
import { leftOutKind } from "../../../src/media/inputs/extensions.js";
import { LeftOut } from "../../../src/media/inputs/leftOut.js";

function told(...paths: string[]): string {
  const leftOut = new LeftOut();
  for (const path of paths) leftOut.add(path, leftOutKind(path));
  return leftOut.toString();
}

describe("LeftOut", () => {
  it("counts by kind, most first, with examples of the other endings", () => {
    expect(told()).to.equal("");
    expect(told("a.ARW")).to.equal("1 camera RAW file");
    expect(told("a.jxl", "b.arw", "c.CR3", "d.txt", "e.txt", "f.xmp", "Makefile")).to.equal(
      "2 camera RAW files, 1 JPEG XL file and 4 files of other kinds (txt, xmp)",
    );
    expect(told("a.a", "a.b", "a.c", "a.d", "a.e")).to.equal("5 files of other kinds (a, b, c, d, …)");
  });

  it("repeats nothing that is no plain ending", () => {
    expect(told("a.\u001b[31m", "b.longer than any ending", "c.\u202e")).to.equal("3 files of other kinds");
  });
});
