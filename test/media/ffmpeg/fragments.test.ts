import { expect } from "chai";
import { type Box, fragmentHead, readBoxes } from "../../../src/media/ffmpeg/fragments.js";

async function boxesOf(bytes: Uint8Array, piece: number, most = 1000): Promise<Box[]> {
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += piece) yield await Promise.resolve(bytes.slice(at, at + piece));
  };
  const boxes: Box[] = [];
  for await (const box of readBoxes(pieces(), most)) boxes.push(box);
  return boxes;
}

const sample = {
  bytes: Buffer.from("sample"),
  dts: 2 ** 33 + 5,
  pts: 2 ** 33 + 2,
  duration: 7,
  isKey: false,
};

describe("readBoxes", () => {
  const file = Buffer.concat([fragmentHead(sample, 1), sample.bytes, fragmentHead(sample, 2), sample.bytes]);

  it("parts boxes that arrive in pieces of any size", async () => {
    for (const piece of [1, 7, 100, 10_000]) {
      const boxes = await boxesOf(file, piece);
      expect(boxes.map(({ type }) => type)).to.deep.equal(["moof", "mdat", "moof", "mdat"]);
      expect(boxes[1]?.bytes.subarray(8).toString()).to.equal("sample");
      expect(Buffer.concat(boxes.map(({ bytes }) => bytes))).to.deep.equal(file);
    }
  });

  it("ends at what cannot be a box, and gives none that is cut short", async () => {
    expect(await boxesOf(file, 50, 90)).to.have.length(0);
    expect(await boxesOf(file.subarray(0, -1), 50)).to.have.length(3);
    expect(await boxesOf(Buffer.alloc(20), 3)).to.have.length(0);
  });
});

describe("fragmentHead", () => {
  it("holds times beyond 32 bits, and a frame that is shown before it is decoded", () => {
    const head = fragmentHead(sample, 3);
    const at = (type: string): number => head.indexOf(type) + 4;
    expect(head.readUInt32BE(at("mfhd") + 4)).to.equal(3);
    expect(head.readBigUInt64BE(at("tfdt") + 4)).to.equal(2n ** 33n + 5n);
    const trun = [1, 2, 3, 4, 5, 6].map((word) => head.readInt32BE(at("trun") + 4 * word));
    expect(trun).to.deep.equal([1, head.length, 7, 6, 0x01010000, -3]);
    expect(head.readUInt32BE(head.length - 8)).to.equal(8 + 6);
    expect(head.subarray(-4).toString()).to.equal("mdat");
  });
});
