import { expect } from "chai";
import { knowsPicturesOf, pictureOf } from "../../../src/media/ffmpeg/nalUnits.js";

/** A packet of units, each with its length before it. */
const packet = (...units: readonly number[][]): Uint8Array =>
  Uint8Array.from(units.flatMap((unit) => [0, 0, 0, unit.length, ...unit]));

const plain = { restarts: false, isReference: false, hasParameters: false };

describe("pictureOf", () => {
  const h264 = (...units: readonly number[][]) => pictureOf("h264", packet(...units));
  const hevc = (...units: readonly number[][]) => pictureOf("hevc", packet(...units));

  it("tells what an H.264 picture is for", () => {
    expect(h264([0x06, 5], [0x65, 1])).to.deep.equal({ ...plain, restarts: true, isReference: true });
    expect(h264([0x41, 1], [0x41, 2])).to.deep.equal({ ...plain, isReference: true });
    expect(h264([0x01, 1], [0x01, 2])).to.deep.equal(plain);
    expect(h264([0x09, 16], [0x67, 1], [0x68, 1], [0x01, 1])).to.deep.equal({
      ...plain,
      hasParameters: true,
    });
  });

  it("takes a frame for a reference of which one field is", () => {
    expect(h264([0x01, 1], [0x21, 1])?.isReference).to.equal(true);
  });

  it("tells what an HEVC picture is for", () => {
    expect(hevc([19 << 1, 1, 9])).to.deep.equal({ ...plain, restarts: true, isReference: true });
    expect(hevc([20 << 1, 1, 9])?.restarts).to.equal(true);
    // Of an open group of pictures, which those that follow may look back across.
    expect(hevc([21 << 1, 1, 9])).to.deep.equal({ ...plain, isReference: true });
    expect(hevc([1 << 1, 1, 9])?.isReference).to.equal(true);
    expect(hevc([0, 1, 9])).to.deep.equal(plain);
    expect(hevc([8 << 1, 1, 9])).to.deep.equal(plain);
    expect(hevc([32 << 1, 1], [34 << 1, 1], [0, 1, 9])?.hasParameters).to.equal(true);
  });

  it("does not judge HEVC of several temporal layers", () => {
    expect(hevc([0, 2, 9])).to.equal(undefined);
  });

  it("does not judge what its lengths do not part exactly", () => {
    const whole = packet([0x65, 1, 2], [0x65, 3]);
    for (let end = 1; end < whole.length; end++) {
      if (end !== 7) expect(pictureOf("h264", whole.subarray(0, end)), `${end}`).to.equal(undefined);
    }
    expect(pictureOf("h264", Uint8Array.of(0, 0, 0, 1, 0x65, 0, 0, 1, 0x65))).to.equal(undefined);
    expect(pictureOf("vp9", whole)).to.equal(undefined);
    expect(["h264", "hevc", "vp9", "__proto__"].map(knowsPicturesOf)).to.deep.equal([
      true,
      true,
      false,
      false,
    ]);
  });
});
