import { expect } from "chai";
import {
  atMoments,
  everyPeriod,
  middlesOfParts,
  type PacketTime,
} from "../../../src/media/video/schedule.js";

/** Frames that begin at these times, each on screen until the next, the last one until `end`. */
const clip = (starts: readonly number[], end: number): PacketTime[] =>
  starts.map((start, i) => ({ start, end: starts[i + 1] ?? end }));

/** The frames, by their times, that are wanted of those that are let through. */
const taken = (schedule: { wants: (time: number) => boolean }, times: readonly number[]): number[] =>
  times.filter((time) => schedule.wants(time));

const steady = (frames: number, fps: number): number[] => Array.from({ length: frames }, (_, i) => i / fps);

describe("everyPeriod", () => {
  it("takes the first frame and then one of each period", () => {
    expect(taken(everyPeriod(1), [0.3, 0.7, 1, 1.5, 4.2, 4.9, 5.1])).to.deep.equal([0.3, 1, 4.2, 5.1]);
  });

  it("is not misled by times that rounding puts just before their moment", () => {
    expect(taken(everyPeriod(30000 / 1001), steady(200, 30000 / 1001))).to.have.length(200);
    expect(taken(everyPeriod(1), steady(2000, 29.97)).length).to.equal(67);
  });

  it("goes on where a feed's clock jumps back", () => {
    expect(taken(everyPeriod(1), [5, 5.5, 0, 0.5, 1])).to.deep.equal([5, 0, 1]);
  });
});

describe("middlesOfParts", () => {
  const chosen = (packets: readonly PacketTime[], count: number): number[] =>
    taken(
      atMoments(middlesOfParts(packets, count)),
      packets.map((packet) => packet.start).sort((a, b) => a - b),
    );

  it("finds the frame on screen at the middle of each part", () => {
    expect(chosen(clip(steady(100, 10), 10), 4)).to.deep.equal([1.2, 3.7, 6.2, 8.7]);
    expect(chosen(clip(steady(100, 10), 10), 1)).to.deep.equal([5]);
  });

  it("takes a frame that fills several parts once", () => {
    expect(chosen(clip([0, 0.1, 0.2, 4.7, 5, 6.4], 6.5), 3)).to.deep.equal([0.2, 5]);
    expect(chosen(clip([0], 8), 5)).to.deep.equal([0]);
  });

  it("takes packets in the order of decoding, and clips that start late", () => {
    const late = clip(steady(40, 10), 4).map(({ start, end }) => ({ start: start + 3, end: end + 3 }));
    expect(chosen(late.reverse(), 2)).to.deep.equal([4, 6]);
  });

  it("takes the average interval for the last frame's time on screen where the file does not say", () => {
    expect(
      chosen(
        steady(8, 1).map((start) => ({ start, end: start })),
        2,
      ),
    ).to.deep.equal([2, 6]);
    expect(chosen([{ start: 2, end: 2 }], 3)).to.deep.equal([2]);
  });

  it("takes every frame where more are asked for", () => {
    expect(chosen(clip(steady(25, 25), 1), 500)).to.have.length(25);
  });
});
