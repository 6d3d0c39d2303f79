import { expect } from "chai";
import { readTracks } from "../../../src/media/ffmpeg/matroska.js";

const bytes = (id: number): number[] =>
  id > 0xffffff
    ? [id >>> 24, (id >> 16) & 255, (id >> 8) & 255, id & 255]
    : id > 0xff
      ? [id >> 8, id & 255]
      : [id];

/** An EBML element whose size takes one byte, or eight. */
function element(id: number, content: readonly number[], long = false): number[] {
  const size = long
    ? [1, 0, 0, 0, 0, content.length >> 16, (content.length >> 8) & 255, content.length & 255]
    : [0x80 | content.length];
  return [...bytes(id), ...size, ...content];
}

const colour = [
  ...element(0x55b1, [9]),
  ...element(0x55b9, [2]),
  ...element(0x55ba, [16]),
  ...element(0x55bb, [9]),
];
const video = [...element(0x9a, [1]), ...element(0x53c0, [1]), ...element(0x55b0, colour)];
const configuration = [1, 0, (5 << 1) | 0, (6 << 3) | 5, 0x10];
const dolby = [...element(0x41e7, [0x64, 0x76, 0x63, 0x43]), ...element(0x41ed, configuration)];
const track = [
  ...element(0x83, [1]),
  ...element(0x88, [0]),
  ...element(0xe0, video),
  ...element(0x41e4, dolby),
];
const sound = [...element(0x83, [2]), ...element(0xe0, video)];

const file = (tracks: readonly number[], long = false): Uint8Array =>
  Uint8Array.from([
    ...element(0x1a45dfa3, [1, 2, 3], long),
    // A segment without an end, as a stream's is.
    ...[...bytes(0x18538067), 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ...element(0xec, Array<number>(101).fill(0xae), long),
    ...element(0x1654ae6b, tracks, true),
  ]);

const everything = {
  isDefault: false,
  interlaced: true,
  hasAlpha: true,
  colour: { matrix: 9, transfer: 16, primaries: 9 },
  range: 2,
  dolbyVision: { profile: 5, compatibility: 1 },
};

describe("readTracks", () => {
  it("reads colours, fields, transparency, default and Dolby Vision of each video track", () => {
    for (const long of [false, true]) {
      const plain = element(0xae, element(0x83, [1]), long);
      const tracks = readTracks(
        file([...element(0xae, sound), ...element(0xae, track, long), ...plain], long),
      );
      expect(tracks).to.deep.equal([
        everything,
        {
          isDefault: true,
          interlaced: false,
          hasAlpha: false,
          colour: { matrix: 2, transfer: 2, primaries: 2 },
          range: 0,
          dolbyVision: undefined,
        },
      ]);
    }
  });

  it("takes text for no element", () => {
    const named = [...element(0x536e, element(0xe0, video)), ...element(0x83, [1])];
    const [read] = readTracks(file(element(0xae, named)));
    expect(read?.colour.transfer).to.equal(2);
  });

  it("ends where the bytes do", () => {
    const whole = file(element(0xae, track));
    for (let length = 0; length < whole.length; length++)
      expect(readTracks(whole.subarray(0, length)).length).to.be.below(2);
    expect(readTracks(whole)).to.deep.equal([everything]);
  });
});
