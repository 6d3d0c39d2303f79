import { expect } from "chai";
import { customPreset, parseTones } from "../../src/prompts/customPreset.js";
import { builtIn } from "./builtIn.js";

describe("parseTones", () => {
  it("reads words and weights", () => {
    expect(parseTones("good, high=1; average=0.5; poor,low=0;")).to.deep.equal([
      { name: "good", weight: 1, words: ["good", "high"] },
      { name: "average", weight: 0.5, words: ["average"] },
      { name: "poor", weight: 0, words: ["poor", "low"] },
    ]);
  });

  it("spreads the weights from 1 to 0 where none is given", () => {
    expect(parseTones("excellent;good;fair;poor;bad").map((tone) => tone.weight)).to.deep.equal([
      1, 0.75, 0.5, 0.25, 0,
    ]);
  });

  it("says what it expected and what it received", () => {
    const cases = {
      good: "at least two tones",
      "good=1;poor": "some tones have a weight and some have none",
      "good=1=0;poor=0": "more than one weight",
      "good,,fine=1;poor=0": "an empty word",
      "good=1;;poor=0": "some tones have a weight",
      "good=;poor=0": "a number from 0 to 1",
      "good=2;poor=0": "a number from 0 to 1",
      "good=much;poor=0": "a number from 0 to 1",
    };
    for (const [text, problem] of Object.entries(cases)) {
      expect(() => parseTones(text), text)
        .to.throw(problem)
        .with.property("code", "ERR_PRESET");
      expect(() => parseTones(text)).to.throw(`received "${text}"`);
    }
  });
});

describe("customPreset", () => {
  const qboost = builtIn("qboost");

  it("changes the tones and keeps the question", () => {
    const preset = customPreset({ tones: "sharp;blurred" }, qboost);
    expect(preset.questions).to.deep.equal(qboost.questions);
    expect(preset.tones.map((tone) => tone.name)).to.deep.equal(["sharp", "blurred"]);
  });

  it("gives a question of one's own no prefill of another", () => {
    const { questions, tones } = customPreset({ question: "Is it sharp?" }, qboost);
    expect(questions).to.deep.equal([{ question: "Is it sharp?", prefill: "" }]);
    expect(tones).to.deep.equal(qboost.tones);
    const prefilled = customPreset({ question: "Is it sharp?", prefill: "It is" }, qboost);
    expect(prefilled.questions).to.deep.equal([{ question: "Is it sharp?", prefill: "It is" }]);
  });

  it("checks the whole like any preset", () => {
    expect(() => customPreset({ tones: "good=1;good=0" }, qboost)).to.throw('the word "good" stands twice');
    expect(() => customPreset({ question: "" }, qboost)).to.throw("questions[0].question");
  });
});
