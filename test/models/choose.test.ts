import { expect } from "chai";
import { chooseFiles, quantisationIn, type Wanted } from "../../src/models/choose.js";

const repository = "owner/model-GGUF";
const of = (names: readonly string[], wanted: Partial<Wanted> = {}): string[] => {
  const { model, mmproj } = chooseFiles(
    names.map((name) => ({ name })),
    { repository, ...wanted },
  );
  return [model.name, mmproj.name];
};
const both = [
  "m-Q4_K_M.gguf",
  "m-Q8_0.gguf",
  "m-f16.gguf",
  "mmproj-m-f16.gguf",
  "mmproj-m-Q8_0.gguf",
  "README.md",
];

describe("chooseFiles", () => {
  it("finds a quantisation, in letters of either kind, and the encoder that loses nothing", () => {
    expect(of(both, { quantisation: "Q8_0" })).to.deep.equal(["m-Q8_0.gguf", "mmproj-m-f16.gguf"]);
    expect(of(both, { quantisation: "q4_k_m" })).to.deep.equal(["m-Q4_K_M.gguf", "mmproj-m-f16.gguf"]);
    expect(of(["a.gguf", "mmproj-x.gguf"])).to.deep.equal(["a.gguf", "mmproj-x.gguf"]);
    expect(of(both, { model: { file: "m-f16.gguf" }, mmproj: { file: "mmproj-m-Q8_0.gguf" } })).to.deep.equal(
      ["m-f16.gguf", "mmproj-m-Q8_0.gguf"],
    );
  });

  it("takes the encoder whose name is most like the model's", () => {
    const two = ["a-2b-Q8_0.gguf", "a-7b-Q8_0.gguf", "mmproj-a-7b-f16.gguf", "mmproj-a-2b-f16.gguf"];
    expect(of(two, { model: { file: "a-2b-Q8_0.gguf" } })[1]).to.equal("mmproj-a-2b-f16.gguf");
  });

  it("reads quantisations out of names", () => {
    for (const [name, quantisation] of [
      ["Qwen2.5-VL-3B-Instruct-Q4_K_M.gguf", "Q4_K_M"],
      ["moondream2-text-model-f16_ct-vicuna.gguf", "f16"],
      ["x-UD-Q4_K_XL.gguf", "UD-Q4_K_XL"],
      ["x.IQ2_M.gguf", "IQ2_M"],
      ["x-bf16.gguf", "bf16"],
      ["Qwen3.gguf", ""],
    ] as const) {
      expect(quantisationIn(name), name).to.equal(quantisation);
    }
  });

  it("names not all of a thousand", () => {
    const thousand = Array.from({ length: 1000 }, (_, index) => `m${index}-Q8_0.gguf`);
    expect(() => of([...thousand, "mmproj.gguf"])).to.throw("m19-Q8_0.gguf and 980 more.");
  });

  for (const [what, names, wanted, message] of [
    ["an unknown quantisation", both, { quantisation: "Q5_0" }, "There are: Q4_K_M, Q8_0, f16."],
    ["none named, of several", both, {}, "Name one, such as hf:owner/model-GGUF/m-Q4_K_M.gguf."],
    [
      "two of one quantisation",
      ["a-Q8_0.gguf", "b-Q8_0.gguf", "mmproj.gguf"],
      { quantisation: "Q8_0" },
      "there are 2: a-Q8_0.gguf, b-Q8_0.gguf",
    ],
    ["no mmproj", ["m-Q8_0.gguf"], { quantisation: "Q8_0" }, "there is none, so that the model cannot see"],
    [
      "two encoders as likely",
      ["m.gguf", "mmproj-x.gguf", "mmproj-y.gguf"],
      {},
      "mmproj-x.gguf, mmproj-y.gguf",
    ],
    ["nothing", ["README.md"], {}, "Expected a .gguf model in the repository owner/model-GGUF"],
    ["parts", ["m-00001-of-00002.gguf", "m-00002-of-00002.gguf", "mmproj.gguf"], {}, "several files"],
    ["a file that is not there", both, { model: { file: "n.gguf" } }, '"n.gguf" in the repository'],
  ] as const) {
    it(`leaves nothing to chance: ${what}`, () => {
      expect(() => of(names, wanted)).to.throw(message);
    });
  }
});
