import { expect } from "chai";
import { readOrientations } from "../../../src/media/ffmpeg/orientation.js";

function box(type: string, ...contents: Uint8Array[]): Uint8Array {
  const content = Buffer.concat(contents);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + content.length);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, content]);
}

function track(a: number, b: number, c: number, d: number): Uint8Array {
  const header = Buffer.alloc(84);
  [a, b, 0, c, d, 0, 0, 0, 16384].forEach((value, i) =>
    header.writeInt32BE(Math.round(value * 65536), 40 + 4 * i),
  );
  return box("trak", box("tkhd", header), box("mdia", Buffer.from("tkhd")));
}

const file = (...tracks: Uint8Array[]): Uint8Array =>
  Buffer.concat([box("ftyp", Buffer.from("qt  ")), box("moov", box("mvhd", Buffer.alloc(100)), ...tracks)]);

describe("readOrientations", () => {
  it("names the eight ways to turn a picture, and other angles", () => {
    const turned = file(
      track(1, 0, 0, 1),
      track(0, 1, -1, 0),
      track(-1, 0, 0, -1),
      track(0, -1, 1, 0),
      track(-1, 0, 0, 1),
      track(1, 0, 0, -1),
      track(0, 1, 1, 0),
      track(0, -1, -1, 0),
      track(Math.SQRT1_2, Math.SQRT1_2, -Math.SQRT1_2, Math.SQRT1_2),
      track(2, 0, 0, 2),
    );
    expect(readOrientations(turned)).to.deep.equal([
      [],
      ["rotated 90"],
      ["rotated 180"],
      ["rotated 270"],
      ["mirrored"],
      ["flipped"],
      ["mirrored", "rotated 270"],
      ["mirrored", "rotated 90"],
      ["rotated 45"],
      [],
    ]);
  });

  it("ends where the bytes do", () => {
    const whole = file(track(0, 1, -1, 0));
    for (let length = 0; length < whole.length; length++)
      expect(readOrientations(whole.subarray(0, length)).length).to.be.below(2);
    expect(readOrientations(whole)).to.deep.equal([["rotated 90"]]);
  });
});
