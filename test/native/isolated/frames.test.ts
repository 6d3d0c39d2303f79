import { expect } from "chai";
import { type Frame, FrameReader, writeFrame } from "../../../src/native/isolated/frames.js";

function framesAsBytes(...frames: readonly [object, Uint8Array?][]): Buffer {
  const written: Uint8Array[] = [];
  const channel = { write: (bytes: Uint8Array) => void written.push(bytes), onBytes: () => undefined };
  for (const [head, body] of frames) writeFrame(channel, head, body);
  return Buffer.concat(written);
}

describe("frames", () => {
  const body = Uint8Array.from({ length: 300 }, (_, index) => index % 256);
  const bytes = framesAsBytes([{ id: 1 }], [{ id: 2, text: "ä\n" }, body], [{}, new Uint8Array()]);

  it("are put together however their bytes were cut", () => {
    for (const length of [1, 2, 7, 13, bytes.length]) {
      const reader = new FrameReader();
      const found: Frame[] = [];
      for (let from = 0; from < bytes.length; from += length) {
        found.push(...reader.push(bytes.subarray(from, from + length)));
      }
      expect(found.map(({ head }) => head)).to.deep.equal([{ id: 1 }, { id: 2, text: "ä\n" }, {}]);
      expect(found.map((frame) => [...frame.body])).to.deep.equal([[], [...body], []]);
    }
  });

  it("are refused where they claim too much, or are no JSON", () => {
    expect(() => new FrameReader(100).push(bytes)).to.throw("a frame of 300 bytes");
    expect(() => new FrameReader(100).push(Buffer.alloc(20, 255))).to.throw("a frame of");
    expect(() => new FrameReader().push(Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x7b]))).to.throw(
      SyntaxError,
    );
  });
});
