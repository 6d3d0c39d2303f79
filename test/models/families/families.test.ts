import { expect } from "chai";
import { familyOf, sideOfSquares } from "../../../src/models/families/families.js";
import { familyTreatment } from "../../../src/models/families/familyTreatment.js";
import { imageTokens, tokensAtOwnSize } from "../../../src/models/families/imageTokens.js";
import { loadFamily } from "../../native/support.js";

const encoder = {
  ...{ projector: "mlp", imageSize: 336, patchSize: 14, merged: 0 },
  ...{ classEmbedding: true, tiles: false },
};
const facts = (architecture: string, more: Partial<typeof encoder> = {}) => ({
  architecture,
  encoder: { ...encoder, ...more },
});
const nameOf = (architecture: string, more: Partial<typeof encoder> = {}): string | undefined =>
  familyOf(facts(architecture, more))?.name;

describe("the family of a model", () => {
  it("is what its files say, whatever they are called", async () => {
    const names = {
      "llava-1.5": "LLaVA-1.5",
      "qwen2.5-vl": "Qwen2.5-VL",
      "qwen3.5": "Qwen3.5",
      gemma3: "Gemma 3",
      gemma3n: undefined,
      smolvlm: "SmolVLM",
      internvl3: "InternVL",
      pixtral: "Pixtral",
    };
    for (const [fixture, name] of Object.entries(names)) {
      const model = await loadFamily(fixture);
      expect(familyOf(model.info)?.name, fixture).to.equal(name);
      model.dispose();
    }
  });

  it("is LLaVA-1.5 with CLIP's encoder and no tiles alone", () => {
    expect(nameOf("llama")).to.equal("LLaVA-1.5");
    expect(nameOf("llama", { tiles: true })).to.equal(undefined);
    expect(nameOf("phi2", { classEmbedding: false })).to.equal(undefined);
    expect(nameOf("llama", { projector: "mlp_norm" })).to.equal(undefined);
    expect(nameOf("llama", { projector: "mplug_owl2" })).to.equal("mPLUG-Owl2");
  });

  it("is told by the language model where two share an encoder", () => {
    const projector = "qwen3vl_merger";
    expect(nameOf("qwen3vl", { projector })).to.equal("Qwen3-VL");
    expect(nameOf("qwen35moe", { projector })).to.equal("Qwen3.5");
    expect(nameOf("llama", { projector })).to.equal(undefined);
  });

  it("is none where the files say something else, whatever that is", () => {
    for (const projector of ["", "MLP", "mlp\n", "\u001b[31mmlp", "constructor", "a".repeat(2 ** 20)]) {
      expect(nameOf("llama", { projector })).to.equal(undefined);
    }
  });

  it("has squares of a side that an encoder can have", () => {
    expect(sideOfSquares(facts("llama"))).to.equal(336);
    expect(sideOfSquares(facts("gemma3", { projector: "gemma3" }))).to.equal(undefined);
    for (const imageSize of [0, -336, 2 ** 40, NaN]) {
      expect(sideOfSquares(facts("llama", { imageSize }))).to.equal(undefined);
    }
  });
});

describe("the tokens of a picture", () => {
  const qwen = familyOf(facts("qwen35", { projector: "qwen3vl_merger" }));

  it("are the family's, up to what memory allows", () => {
    expect(imageTokens(qwen, {})).to.deep.equal({ imageMinTokens: 64, imageMaxTokens: 4096 });
  });

  it("are the user's where they say so, and never fewer at most than at least", () => {
    const said = { imageMinTokens: 1, imageMaxTokens: 16384 };
    expect(imageTokens(qwen, said)).to.deep.equal(said);
    expect(imageTokens(qwen, { imageMaxTokens: 32 })).to.deep.equal({
      imageMinTokens: 32,
      imageMaxTokens: 32,
    });
    expect(imageTokens(qwen, { imageMinTokens: 5000 })).to.deep.equal({
      imageMinTokens: 5000,
      imageMaxTokens: 5000,
    });
  });

  it("are libmtmd's where nothing is known", () => {
    const nothing = { imageMinTokens: undefined, imageMaxTokens: undefined };
    expect(imageTokens(undefined, {})).to.deep.equal(nothing);
    expect(imageTokens(familyOf(facts("llama")), {})).to.deep.equal(nothing);
    expect(imageTokens(undefined, { imageMaxTokens: 9 })).to.include({ imageMaxTokens: 9 });
  });

  it("are counted by the side of one", () => {
    const size = { patchSize: 16, merged: 2 };
    expect(tokensAtOwnSize({ width: 2048, height: 2048 }, size)).to.equal(4096);
    expect(tokensAtOwnSize({ width: 1, height: 5000 }, size)).to.equal(156);
    expect(tokensAtOwnSize({ width: 280, height: 280 }, { patchSize: 14, merged: 0 })).to.equal(100);
  });

  it("stand in the header, with the authors' limit where ours is lower", () => {
    if (!qwen) throw new Error("there is no such family");
    expect(familyTreatment(qwen, imageTokens(qwen, {}))).to.deep.equal({
      ...{ name: "Qwen3.5", imageMinTokens: 64, imageMaxTokens: 4096, authorsMaxTokens: 16384 },
    });
    expect(familyTreatment(qwen, imageTokens(qwen, { imageMaxTokens: 16384 }))).not.to.have.property(
      "authorsMaxTokens",
    );
    expect(familyTreatment({ name: "SmolVLM" }, {})).to.deep.equal({ name: "SmolVLM" });
  });
});
