import { expect } from "chai";
import { TonescoreError } from "../../src/errors.js";
import { type Score, scoreLogits, type ScoringRule } from "../../src/scoring/score.js";
import { builtIn } from "../prompts/builtIn.js";

const qboost = builtIn("qboost");

function score(rule: ScoringRule, ...rows: number[][]) {
  return scoreLogits(rule, {
    logits: rows.map((row) => Float32Array.from(row)),
    logSumExp: rows.map(() => 20),
  });
}

describe("scoreLogits", () => {
  it("gives the values of the Q-Boost authors' figure", () => {
    const figure: [number[], number][] = [
      [[11.14, 8.68, 7.96], 0.9252],
      [[10.02, 10.71, 9.07], 0.5907],
      [[8.92, 10.75, 9.59], 0.4481],
      [[6.46, 8.62, 10.7], 0.0675],
    ];
    for (const [logits, expected] of figure)
      expect(score(qboost, logits).score).to.be.closeTo(expected, 5e-5);
  });

  it("reports tones, words and settings that it came from", () => {
    const result = score(qboost, [2, 1, 0]);
    expect(result.questions).to.deep.equal([
      {
        question: "Rate the quality of the image.",
        logSumExp: 20,
        words: [
          { word: "good", tone: "positive", logit: 2 },
          { word: "average", tone: "neutral", logit: 1 },
          { word: "poor", tone: "negative", logit: 0 },
        ],
      },
    ]);
    expect(result.tones.map(({ name, weight }) => [name, weight])).to.deep.equal([
      ["positive", 1],
      ["neutral", 0.5],
      ["negative", 0],
    ]);
    expect(result.tones.reduce((total, tone) => total + tone.probability, 0)).to.be.closeTo(1, 1e-15);
  });

  it("takes a logit of exactly 0 for a logit", () => {
    expect(score(qboost, [0, 0, 0]).score).to.equal(0.5);
    expect(score(qboost, [1, 0, -1]).score).to.be.closeTo(score(qboost, [11, 10, 9]).score, 1e-12);
  });

  it("divides by the temperature before the softmax", () => {
    expect(score(builtIn("qbench"), [10, 8]).score).to.be.closeTo(0.5049998333399998, 1e-15);
    expect(score({ ...qboost, temperature: 2 }, [4, 2, 0]).score).to.equal(score(qboost, [2, 1, 0]).score);
  });

  it("stays exact for logits of any size", () => {
    expect(score(qboost, [3e38, 0, -3e38]).score).to.equal(1);
    expect(score(qboost, [-3e38, 0, 3e38]).score).to.equal(0);
    expect(score(qboost, [1002, 1001, 1000]).score).to.equal(score(qboost, [2, 1, 0]).score);
  });

  it("refuses logits that are not numbers", () => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      expect(() => score(qboost, [1, bad, 0]))
        .to.throw(TonescoreError, '"average"')
        .with.property("code", "ERR_INFERENCE");
      const reading = { logits: [[1, 2, 3]], logSumExp: [bad] };
      expect(() => scoreLogits(qboost, reading))
        .to.throw("log-sum-exp")
        .with.property("code", "ERR_INFERENCE");
    }
  });

  it("refuses logits that are not the preset's", () => {
    for (const rows of [
      [],
      [[1, 2]],
      [[1, 2, 3, 4]],
      [
        [1, 2, 3],
        [1, 2, 3],
      ],
    ]) {
      expect(() => score(qboost, ...rows)).to.throw("Expected 1 questions with 3 logits each");
    }
    const reading = { logits: [[1, 2, 3]], logSumExp: [] };
    expect(() => scoreLogits(qboost, reading))
      .to.throw()
      .with.property("code", "ERR_INVALID_ARGUMENT");
  });
});

describe("ensembles of words and questions", () => {
  const rule: ScoringRule = {
    questions: ["first", "second"].map((question) => ({ question, prefill: "" })),
    tones: [
      { name: "positive", weight: 1, words: ["good", "high"] },
      { name: "neutral", weight: 0.5, words: ["average"] },
      { name: "negative", weight: 0, words: ["poor"] },
    ],
    combine: "logits",
    temperature: 1,
  };
  const rows = [
    [2, 1, 0.5, -1],
    [0.25, 3, 1, 0],
  ];

  it("average at the logits", () => {
    expect(score(rule, ...rows).score).to.be.closeTo(0.7778259880486458, 1e-14);
  });

  it("average at the probabilities", () => {
    const result = score({ ...rule, combine: "probabilities" }, ...rows);
    expect(result.score).to.be.closeTo(0.8337891840632063, 1e-14);
    const expected = [0.72830915, 0.21096007, 0.06073078];
    for (const [index, tone] of result.tones.entries())
      expect(tone.probability).to.be.closeTo(expected[index] ?? NaN, 1e-8);
  });

  it("give a tone nothing for having more words", () => {
    for (const combine of ["logits", "probabilities"] as const) {
      expect(score({ ...rule, combine }, [1, 1, 1, 1], [2, 2, 2, 2]).score).to.be.closeTo(0.5, 1e-15);
    }
  });
});

describe("answer mass", () => {
  const reading = (...shares: number[]) => ({
    logits: [shares.map((share) => Math.log(share) + 7)],
    logSumExp: [7],
  });

  it("is the words' share of the whole vocabulary", () => {
    const result = scoreLogits(qboost, reading(0.25, 0.3, 0.2));
    expect(result.answerMass).to.be.closeTo(0.75, 1e-12);
    expect(result.trusted).to.equal(true);
  });

  it("is averaged over the questions", () => {
    const two = { ...qboost, questions: [...qboost.questions, ...qboost.questions] };
    const [a, b] = [reading(0.3, 0.3, 0.3), reading(0.1, 0.1, 0.1)];
    const result = scoreLogits(two, { logits: [...a.logits, ...b.logits], logSumExp: [7, 7] });
    expect(result.answerMass).to.be.closeTo(0.6, 1e-12);
  });

  it("decides on trust, by a threshold that can be set, and not on the score", () => {
    const little = reading(0.1, 0.2, 0.1);
    expect(scoreLogits(qboost, little).trusted).to.equal(false);
    expect(scoreLogits(qboost, little, 0.4 - 1e-9).trusted).to.equal(true);
    expect(scoreLogits(qboost, little).score).to.be.closeTo(0.5, 1e-12);
  });

  it("is no reason to trust a model that never learned the question", () => {
    const [much, little] = [reading(0.4, 0.2, 0.3), reading(0.1, 0.2, 0.1)];
    const judged = (...args: Parameters<typeof scoreLogits>): Partial<Score> => {
      const { trusted, distrust } = scoreLogits(...args);
      return { trusted, ...(distrust && { distrust }) };
    };
    expect(judged(qboost, much)).to.deep.equal({ trusted: true });
    expect(judged(qboost, little)).to.deep.equal({ trusted: false, distrust: "answerMass" });
    expect(judged(qboost, much, 0, false)).to.deep.equal({ trusted: false, distrust: "unlearned" });
    expect(judged(qboost, little, 0.5, false)).to.deep.equal({ trusted: false, distrust: "unlearned" });
  });

  it("is at most 1 where single precision rounds up", () => {
    const logits = [Float32Array.from([1, 1, 1], () => Math.fround(Math.log(1 / 3) + 1e-6))];
    expect(scoreLogits(qboost, { logits, logSumExp: [0] }).answerMass).to.equal(1);
  });
});
