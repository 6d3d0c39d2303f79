import { expect } from "chai";
import { poolEveryWay } from "../../src/report/pooling.js";
import { worstMoments } from "../../src/report/sections/videoSection.js";
import { rule as recipe, video } from "./results.js";

describe("report: pooling", () => {
  const positive = [2, 1.5, -2, 0, 3];

  it("gives what a run with that rule gave, from the frames' logits", () => {
    for (const rule of ["logits", "recency:26", "mean", "harmonic", "percentile:10", "hysteresis:2"]) {
      const result = video("clip.mp4", positive, rule);
      const pooled = poolEveryWay(result, recipe);
      const used = pooled.filter((one) => one.used);
      expect(used.map((one) => one.rule)).to.deep.equal([rule]);
      expect(used[0]?.score).to.be.closeTo(result.score, 1e-12);
      expect(new Set(pooled.map((one) => one.score)).size).to.equal(6);
    }
  });

  it("adds a rule of the run's own", () => {
    const pooled = poolEveryWay(video("clip.mp4", positive, "percentile:33"), recipe);
    expect(pooled.map((one) => one.rule)).to.include("percentile:33");
  });

  it("has nothing to say of frames without logits", () => {
    const bare = video("clip.mp4", positive);
    const frames = bare.frames.map((frame) => ({ ...frame, answers: [] }));
    expect(poolEveryWay({ ...bare, frames }, recipe)).to.deep.equal([]);
  });
});

describe("report: worst moments", () => {
  it("are the lowest frames, none close to a lower one", () => {
    const positive = Array.from({ length: 60 }, (_, time) =>
      time === 20 || time === 21 ? -3 : time === 50 ? -2 : 2,
    );
    const times = worstMoments(video("clip.mp4", positive).frames).map((frame) => frame.time);
    expect(times.slice(0, 2)).to.deep.equal([20, 50]);
    expect(times).to.have.length(4);
    expect(times).not.to.include(21);
  });

  it("are none of a clip of one or two frames", () => {
    expect(worstMoments(video("clip.mp4", [1, -1]).frames)).to.deep.equal([]);
  });
});
