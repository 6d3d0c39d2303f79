import { expect } from "chai";
import { TonescoreError } from "../../src/errors.js";
import { presetHash } from "../../src/prompts/presetHash.js";
import { parsePreset } from "../../src/prompts/parsePreset.js";
import { presets } from "../../src/prompts/presets.js";

const tones = [
  { name: "good", weight: 1, words: ["good"] },
  { name: "poor", weight: 0, words: ["poor"] },
];
const least = { name: "mine", questions: [{ question: "How good is it?" }], tones };

function refusal(data: unknown): string {
  try {
    parsePreset(data, "mine.json");
  } catch (error) {
    if (error instanceof TonescoreError && error.code === "ERR_PRESET") return error.message;
    throw error;
  }
  throw new Error("it was accepted");
}

describe("parsePreset", () => {
  it("fills in the defaults of a short preset", () => {
    expect(parsePreset(least)).to.deep.equal({
      ...least,
      description: "",
      source: "the user",
      questions: [{ question: "How good is it?", prefill: "" }],
      combine: "logits",
      temperature: 1,
      template: "chat",
      templateArguments: { enable_thinking: false },
      answer: "singleToken",
      picture: {},
    });
  });

  it("names the file and every field that is wrong", () => {
    const message = refusal({
      ...least,
      temperature: "hot",
      tones: [{ name: "a", weight: 2, words: [" good"] }],
    });
    expect(message).to.contain("mine.json");
    expect(message).to.contain("temperature: ");
    expect(message).to.contain("tones[0].weight: ");
    expect(message).to.contain("tones[0].words[0]: must not begin or end with white space");
  });

  it("takes one treatment of the picture, or none", () => {
    for (const picture of [{ squarePad: [0, 255, 7] }, { squarePad: false }, { centreCut: true }]) {
      expect(parsePreset({ ...least, picture }).picture).to.deep.equal(picture);
    }
    expect(refusal({ ...least, picture: { squarePad: [0, 0, 0], centreCut: true } })).to.contain(
      "picture: has both squarePad and centreCut",
    );
    for (const squarePad of [[0, 0], [0, 0, 256], true, "black"]) {
      expect(refusal({ ...least, picture: { squarePad } })).to.contain("  picture.squarePad");
    }
    expect(refusal({ ...least, picture: { centreCut: false } })).to.contain("picture.centreCut: ");
    expect(refusal({ ...least, picture: { centerCut: true } })).to.contain('did you mean "centreCut"?');
  });

  it("names a misspelled field and what it might be", () => {
    expect(refusal({ ...least, temprature: 2 })).to.contain(
      '"temprature" is not a field (did you mean "temperature"?)',
    );
    const question = { question: "Good?", prefil: "It is" };
    expect(refusal({ ...least, questions: [question] })).to.contain(
      'questions[0]: "prefil" is not a field (did you mean "prefill"?)',
    );
    expect(refusal({ ...least, zzz: 1 })).to.match(/"zzz" is not a field\.$/);
  });

  it("refuses recipes that cannot be meant", () => {
    expect(refusal({ ...least, tones: tones.slice(1) })).to.contain("tones: ");
    expect(refusal({ ...least, tones: [...tones, ...tones] })).to.contain('"good" stands twice');
    const same = [...tones, { name: "fine", weight: 0.5, words: ["good"] }];
    expect(refusal({ ...least, tones: same })).to.contain('the word "good" stands twice');
    expect(refusal({ ...least, tones: tones.map((tone) => ({ ...tone, weight: 1 })) })).to.contain(
      "same score",
    );
    expect(refusal({ ...least, template: "raw" })).to.contain("{picture} exactly once");
    expect(refusal({ ...least, template: "raw", system: "Hi" })).to.contain("system: ");
    expect(refusal(undefined)).to.contain("expected object");
  });
});

describe("presetHash", () => {
  it("depends on what a preset says and not on the order it says it in", () => {
    const backwards = Object.fromEntries(Object.entries(least).reverse());
    expect(presetHash(parsePreset(backwards))).to.equal(presetHash(parsePreset(least)));
    expect(presetHash(parsePreset({ ...least, temperature: 2 }))).not.to.equal(
      presetHash(parsePreset(least)),
    );
    expect(presetHash(parsePreset(least))).to.match(/^[0-9a-f]{64}$/);
  });
});

describe("presets", () => {
  it("are the design's", () => {
    expect([...presets.keys()]).to.deep.equal([
      ...["qbench", "qboost", "qboost-noprefill", "qboost-ensemble", "qboost-ensemble-noprefill"],
      ...["qalign", "qrealign", "qalign-owl2", "qalign-owl2-aesthetics", "qalign-owl2-video", "deqa"],
      "qinstruct-owl2",
      ...["aesthetics", "sharpness", "noise", "exposure", "contrast", "colour", "compression"],
    ]);
  });

  it("are what the schema makes of them", () => {
    for (const preset of presets.values()) expect(parsePreset(preset)).to.deep.equal(preset);
  });

  it("ask each attribute in the words that the bundled model learned", () => {
    const asked = (name: string) => presets.get(name)?.questions;
    expect(asked("aesthetics")).to.deep.equal([
      { question: "Rate the aesthetics of the image.", prefill: "The aesthetics of the image is" },
    ]);
    expect(asked("sharpness")).to.deep.equal([
      { question: "Rate the sharpness of the image.", prefill: "The sharpness of the image is" },
    ]);
    for (const name of ["noise", "exposure", "contrast", "colour", "compression"]) {
      const prefill = `In terms of ${name}, the image is`;
      expect(asked(name)).to.deep.equal([{ question: `Rate the ${name} of the image.`, prefill }]);
    }
  });

  it("weigh five levels evenly", () => {
    expect(presets.get("qalign")?.tones.map(({ words, weight }) => [words, weight])).to.deep.equal([
      [["excellent"], 1],
      [["good"], 0.75],
      [["fair"], 0.5],
      [["poor"], 0.25],
      [["bad"], 0],
    ]);
  });
});
