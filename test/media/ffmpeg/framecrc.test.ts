import { expect } from "chai";
import { Framecrc, seconds } from "../../../src/media/ffmpeg/framecrc.js";

const text = `#extradata 0:       47, 0x4f45107b
#software: Lavf59.27.100
#tb 0: 1/10240
#media_type 0: video
#codec_id 0: h264
#dimensions 0: 160x120
#sar 0: 16/15
#tb 1: 1001/30000
#codec_id 1: vp9
#dimensions 1: 2x4
#sar 1: 0/1
0,      -4096,          0,     2048,     3469, 0xa0d23f0c, F=0x0
1, -9223372036854775808, -9223372036854775808, 1, 7, 0x0, S=1,       40
0,          0,      28672,     2048,        9, 0x00000000
0,       2048,      30720,     2048,        8, 0x00000000, F=0x5, S=1,        8, 0x00000000
`;

describe("Framecrc", () => {
  const inPieces = async function* (piece: number): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < text.length; at += piece)
      yield await Promise.resolve(Buffer.from(text.slice(at, at + piece), "latin1"));
  };

  it("reads streams and rows from pieces of any size", async () => {
    for (const piece of [1, 7, 64, 10_000]) {
      const framecrc = new Framecrc();
      const rows = await framecrc.readThrough(inPieces(piece));
      expect(framecrc.streams).to.deep.equal([
        {
          timeBase: { numerator: 1, denominator: 10240 },
          codec: "h264",
          width: 160,
          height: 120,
          pixelAspect: 16 / 15,
        },
        {
          timeBase: { numerator: 1001, denominator: 30000 },
          codec: "vp9",
          width: 2,
          height: 4,
          pixelAspect: 1,
        },
      ]);
      expect(rows).to.deep.equal([
        { stream: 0, dts: -4096, pts: 0, duration: 2048, size: 3469, isKey: false, isHidden: false },
        { stream: 1, dts: undefined, pts: undefined, duration: 1, size: 7, isKey: true, isHidden: false },
        { stream: 0, dts: 0, pts: 28672, duration: 2048, size: 9, isKey: true, isHidden: false },
        { stream: 0, dts: 2048, pts: 30720, duration: 2048, size: 8, isKey: true, isHidden: true },
      ]);
    }
  });

  it("gives seconds by one rounding", () => {
    expect(seconds(28672, { numerator: 1, denominator: 10240 })).to.equal(2.8);
    expect(seconds(84, { numerator: 1001, denominator: 30000 })).to.equal(84084 / 30000);
  });
});
