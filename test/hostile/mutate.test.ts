import { crc32 } from "node:zlib";
import { expect } from "chai";
import sharp from "sharp";
import { fileName } from "./fileNames.js";
import { mutateBytes } from "./mutateBytes.js";
import { mutateText } from "./mutateText.js";
import { Random } from "./random.js";
import { checkRows } from "./rows.js";
import { refitPngChecksums } from "./structure.js";

const other = Buffer.from("another file with a header and a body");
const json = Buffer.from(JSON.stringify([{ path: "a.jpg", mos: 3.5 }, { path: "b.jpg", mos: 1 }])); // prettier-ignore

describe("hostile mutants", () => {
  let png: Buffer;
  before(async () => {
    png = await sharp({ create: { width: 20, height: 10, channels: 3, background: "teal" } })
      .png()
      .toBuffer();
  });

  for (const [name, mutate, seed] of [
    ["bytes", mutateBytes, () => png],
    ["text", mutateText, () => json],
  ] as const) {
    it(`of ${name} are the same for the same seed, kind and index, and differ otherwise`, () => {
      const make = (run: number, index: number): string => {
        const { bytes, how } = mutate(seed(), other, new Random(run, name, index));
        return `${how} ${bytes.toString("hex")}`;
      };
      const indices = Array.from({ length: 50 }, (_, index) => index);
      const once = indices.map((index) => make(1, index));
      expect(indices.map((index) => make(1, index))).to.deep.equal(once);
      expect(new Set(once).size).to.be.above(40);
      expect(indices.map((index) => make(2, index))).not.to.deep.equal(once);
    });

    it(`of ${name} leave the seed as it was`, () => {
      const before = Buffer.from(seed());
      for (let index = 0; index < 60; index++) mutate(seed(), other, new Random(3, name, index));
      expect(seed().equals(before)).to.equal(true);
    });
  }

  it("of a PNG can have checksums that fit", () => {
    const changed = Buffer.from(png);
    changed.writeUInt32BE(40, 16); // the width, in the header's chunk
    const fitted = refitPngChecksums(changed);
    expect(fitted.readUInt32BE(29)).to.equal(crc32(fitted.subarray(12, 29)));
    expect(refitPngChecksums(png).equals(png)).to.equal(true);
    expect(refitPngChecksums(json)).to.equal(json);
  });

  it("have names that end in their number, each its own", () => {
    const names = Array.from({ length: 300 }, (_, index) =>
      fileName(index, "png", new Random(1, "n", index)),
    );
    for (const [index, name] of names.entries()) {
      expect(name.toString("latin1")).to.match(new RegExp(`-${index}\\.png$`));
      expect(name.includes("/") || name.includes(0), String(name)).to.equal(false);
      expect(name.length).to.be.below(256);
    }
  });
});

describe("rows of hostile inputs", () => {
  const mutants = [7, 8].map((index) => ({ index, name: Buffer.from(""), bytes: Buffer.from(""), how: "" }));
  const row = (index: number, more: object): string =>
    JSON.stringify({
      type: "error",
      input: { path: `/x/a-${index}.png` },
      error: { code: "ERR_IMAGE_DECODE" },
      ...more,
    });
  const scored = { type: "image", score: 0.5, error: undefined };

  it("are right where each input has one", () => {
    const text = `${row(7, {})}\n${row(8, scored)}\n`;
    expect(checkRows(text, mutants)).to.deep.equal({ taken: 1, problems: [] });
  });

  for (const [name, text, problem] of [
    ["is missing", row(7, {}), "#8: 0 rows"],
    ["stands twice", [row(7, {}), row(8, {}), row(8, {})].join("\n"), "#8: 2 rows"],
    ["is of no input", [row(7, {}), row(8, {}), row(9, {})].join("\n"), "3 inputs have rows, of 2"],
    ["has no number", [row(7, {}), row(8, { ...scored, score: null })].join("\n"), "#8: its score is null"],
    [
      "blames something else",
      [row(7, {}), row(8, { error: { code: "ERR_X" } })].join("\n"),
      "#8: its error is ERR_X",
    ],
    ["is torn", `${row(7, {})}\n${row(8, {})}\n{"type":`, 'a line of the results is no JSON: {"type":'],
  ] as const) {
    it(`are wrong where one ${name}`, () => {
      expect(checkRows(text, mutants).problems).to.deep.equal([problem]);
    });
  }
});
