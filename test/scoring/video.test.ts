import { expect } from "chai";
import { hysteresis } from "../../src/scoring/frameRules.js";
import { percentile } from "../../src/stats/percentile.js";
import { parsePooling, poolingText } from "../../src/scoring/pooling.js";
import { scoreLogits } from "../../src/scoring/score.js";
import { type FrameScore, poolFrames, type VideoScore } from "../../src/scoring/video.js";
import { builtIn } from "../prompts/builtIn.js";

const qboost = builtIn("qboost");
const SCORES = [0.9, 0.8, 0.2, 0.5, 0.7, 0.95];

function frame(time: number, logits: number[], logSumExp = 12): FrameScore {
  return { time, ...scoreLogits(qboost, { logits: [logits], logSumExp: [logSumExp] }) };
}

/** A frame with the score asked for, its middle word all but impossible. */
function scored(time: number, score: number): FrameScore {
  return frame(time, [Math.log(score / (1 - score)), -1e6, 0]);
}

function pool(frames: readonly FrameScore[], pooling: string): VideoScore {
  return poolFrames(qboost, frames, parsePooling(pooling));
}

describe("poolFrames", () => {
  const good = frame(0, [11.14, 8.68, 7.96]);
  const poor = frame(26, [6.46, 8.62, 10.7]);

  it("averages each word's logits over the frames by default", () => {
    const video = poolFrames(qboost, [good, poor]);
    expect(video.score).to.be.closeTo(0.40182543000830384, 1e-12);
    expect(video.questions[0]?.words.map(({ logit }) => logit)[0]).to.be.closeTo(8.8, 1e-12);
    expect(video.pooling).to.equal("logits");
    expect(video.frames).to.deep.equal([good, poor]);
  });

  it("weights recent frames more where asked", () => {
    expect(pool([good, poor], "recency").score).to.be.closeTo(0.17401868560615769, 1e-12);
    expect(pool([good, poor], "recency:1000000").score).to.be.closeTo(
      pool([good, poor], "logits").score,
      1e-5,
    );
    expect(pool([good, poor], "recency:0.001").score).to.be.closeTo(poor.score, 1e-12);
  });

  it("gives a single frame's own score, whatever the rule", () => {
    for (const rule of ["logits", "recency", "mean", "harmonic", "percentile:10", "hysteresis"]) {
      expect(pool([good], rule).score, rule).to.be.closeTo(good.score, 1e-15);
    }
    expect(pool([good], "logits").score).to.equal(good.score);
  });

  it("gives the common score of frames that are alike, whatever the rule", () => {
    const frames = SCORES.map((_, time) => ({ ...good, time }));
    for (const rule of ["logits", "recency", "mean", "harmonic", "percentile:10", "hysteresis"]) {
      expect(pool(frames, rule).score, rule).to.be.closeTo(good.score, 1e-12);
    }
  });

  it("pools frame scores where asked, with the frames' average tones", () => {
    const frames = SCORES.map((score, time) => scored(time, score));
    expect(pool(frames, "mean").score).to.be.closeTo(0.675, 1e-12);
    expect(pool(frames, "harmonic").score).to.be.closeTo(0.5066577309042168, 1e-9);
    expect(pool(frames, "percentile:10").score).to.be.closeTo(0.35, 1e-9);
    expect(pool(frames, "hysteresis").score).to.be.closeTo(0.5863792315909427, 1e-9);
    expect(pool(frames, "percentile:10").tones[0]?.probability).to.be.closeTo(0.675, 1e-12);
  });

  it("counts hysteresis in seconds, whatever the frame rate and its unevenness", () => {
    const uneven = SCORES.map((score, index) => scored(index * 0.5005 + (index % 2) * 0.001, score));
    expect(pool(uneven, "hysteresis:1").score).to.be.closeTo(hysteresis(SCORES, 2), 1e-9);
    expect(pool(uneven, "hysteresis:0.1").score).to.be.closeTo(hysteresis(SCORES, 1), 1e-9);
  });

  it("averages the answer mass and judges trust by it", () => {
    const sure = frame(0, [11.14, 8.68, 7.96], 11.3);
    const unsure = frame(1, [11.14, 8.68, 7.96], 20);
    const video = pool([sure, unsure], "logits");
    expect(video.answerMass).to.be.closeTo((sure.answerMass + unsure.answerMass) / 2, 1e-12);
    expect(video.trusted).to.equal(false);
    expect(poolFrames(qboost, [sure, unsure], { name: "mean" }, 0.3).trusted).to.equal(true);
    expect(video.distrust).to.equal("answerMass");
    expect(poolFrames(qboost, [sure], { name: "mean" }, 0, false).distrust).to.equal("unlearned");
  });

  it("refuses a video of no frames", () => {
    expect(() => poolFrames(qboost, []))
      .to.throw("at least one frame")
      .with.property("code", "ERR_INVALID_ARGUMENT");
  });
});

describe("frame rules", () => {
  it("agree with NumPy and SciPy", () => {
    for (const [percent, expected] of Object.entries({ 0: 0.2, 10: 0.35, 50: 0.75, 100: 0.95 })) {
      expect(percentile(SCORES, Number(percent))).to.be.closeTo(expected, 1e-15);
    }
    const frames = SCORES.map((score, time) => ({ ...scored(time, 0.5), score }));
    expect(pool(frames, "harmonic").score).to.be.closeTo(0.5066577309042168, 1e-15);
    const black = { ...scored(9, 0.5), score: 0 };
    expect(pool([...frames, black], "harmonic").score).to.equal(0);
  });

  it("agree with the published hysteresis code", () => {
    const published = {
      1: 0.6733333333333333,
      2: 0.5863792315909427,
      3: 0.547111518823164,
      6: 0.5795048086898015,
    };
    for (const [span, expected] of Object.entries(published)) {
      expect(hysteresis(SCORES, Number(span)), span).to.be.closeTo(expected, 1e-12);
    }
  });

  it("remember a drop longer than a rise", () => {
    expect(hysteresis([0.9, 0.9, 0.1, 0.9, 0.9], 2)).to.be.below(0.74);
    expect(hysteresis([0.1, 0.1, 0.9, 0.1, 0.1], 2)).to.be.below(0.26);
  });
});

describe("parsePooling", () => {
  it("reads what poolingText writes", () => {
    for (const text of ["logits", "recency:26", "mean", "harmonic", "percentile:10", "hysteresis:2"]) {
      expect(poolingText(parsePooling(text))).to.equal(text);
    }
    expect(parsePooling("hysteresis")).to.deep.equal({ name: "hysteresis", seconds: 2 });
    expect(parsePooling("recency")).to.deep.equal({ name: "recency", seconds: 26 });
  });

  it("says what it expected", () => {
    for (const text of ["median", "", "mean:1", "mean:", "percentile:10:2", "Logits"]) {
      expect(() => parsePooling(text), text).to.throw(
        `hysteresis[:seconds] for the pooling but received "${text}"`,
      );
    }
    for (const text of ["percentile", "percentile:", "percentile:101", "percentile:-1", "percentile:ten"]) {
      expect(() => parsePooling(text), text).to.throw("Expected 0 to 100");
    }
    for (const text of ["hysteresis:0", "recency:-1", "recency:soon", "recency:Infinity"]) {
      expect(() => parsePooling(text), text).to.throw("Expected seconds above 0");
    }
  });
});
