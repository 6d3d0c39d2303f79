import { expect } from "chai";
import { scoreLogits, type Score } from "../../src/scoring/score.js";
import { combineViews, viewsNames, viewsOf } from "../../src/scoring/views.js";

const rule = {
  questions: [{ question: "Rate it.", prefill: "It is" }],
  tones: [
    { name: "positive", weight: 1, words: ["good"] },
    { name: "negative", weight: 0, words: ["poor", "bad"] },
  ],
  combine: "logits" as const,
  temperature: 1,
};
const look = (good: number, logSumExp = 12): Score =>
  scoreLogits(rule, { logits: [[good, 10, 9]], logSumExp: [logSumExp] });

describe("views", () => {
  it("are the whole's score where there is no crop, to the bit", () => {
    const whole = look(11);
    expect(combineViews(rule, { whole: 0.2 }, whole, [])).to.equal(whole);
  });

  it("average each word's logits, the whole with its share and the crops with the rest", () => {
    const { score, tones, questions } = combineViews(rule, { whole: 0.25 }, look(14), [look(8), look(10)]);
    expect(score).to.be.closeTo(look(0.25 * 14 + 0.75 * 9).score, 1e-12);
    expect(score).to.equal(tones[0]?.probability);
    expect(questions).to.deep.equal(look(14).questions);
    expect(combineViews(rule, { whole: 1 }, look(14), [look(8)]).score).to.equal(look(14).score);
    expect(combineViews(rule, { whole: 0 }, look(14), [look(8)]).score).to.equal(look(8).score);
  });

  it("go through a rule that combines probabilities as well", () => {
    const other = { ...rule, combine: "probabilities" as const, temperature: 2 };
    const read = (good: number): Score => scoreLogits(other, { logits: [[good, 10, 9]], logSumExp: [12] });
    expect(combineViews(other, { whole: 0.5 }, read(12), [read(8)]).score).to.be.closeTo(
      read(10).score,
      1e-12,
    );
  });

  it("are trusted by the mean of their answer masses, and never where the question was not learned", () => {
    const [sure, unsure] = [look(11.5), look(11.5, 16)];
    const mean = (sure.answerMass + 3 * unsure.answerMass) / 4;
    const options = { trustThreshold: mean - 0.01 };
    const trusted = combineViews(rule, { whole: 0.25 }, sure, [unsure], options);
    expect(trusted.answerMass).to.be.closeTo(mean, 1e-12);
    expect(trusted.trusted).to.equal(true);
    const above = combineViews(rule, { whole: 0.25 }, sure, [unsure], { trustThreshold: mean + 0.01 });
    expect(above.distrust).to.equal("answerMass");
    const unlearned = combineViews(rule, { whole: 0.25 }, sure, [sure], { learned: false });
    expect(unlearned.distrust).to.equal("unlearned");
  });

  it("are bounded: at most five looks, whatever the treatment", () => {
    for (const name of viewsNames) {
      const { crops, whole } = viewsOf(name);
      expect(crops).to.be.within(0, 4);
      expect(whole).to.be.within(0, 1);
      expect(viewsOf(name).name).to.equal(name);
    }
  });
});
