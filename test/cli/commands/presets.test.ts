import { expect } from "chai";
import { presets } from "../../../src/prompts/presets.js";
import { parsePreset } from "../../../src/prompts/parsePreset.js";
import { cli } from "../fakes.js";

describe("cli: presets", () => {
  it("lists every preset with its question, tones and source", async () => {
    const { code, out } = await cli(["presets"]);
    expect(code).to.equal(0);
    for (const preset of presets.values()) {
      expect(out).to.include(preset.name).and.to.include(preset.description).and.to.include(preset.source);
    }
    expect(out)
      .to.include("qboost (default for pictures)\n")
      .and.to.include("qboost-ensemble (default for videos)\n");
    expect(out).to.include("asks   Rate the quality of the image. → The quality of the image is …\n");
    expect(out).to.include("tones  good = 1; average = 0.5; poor = 0\n");
  });

  it("prints one as JSON that is a preset again", async () => {
    for (const [name, preset] of presets) {
      const { code, out } = await cli(["presets", name]);
      expect(code).to.equal(0);
      expect(parsePreset(JSON.parse(out))).to.deep.equal(preset);
    }
  });

  it("guesses a misspelled name", async () => {
    const { code, out, err } = await cli(["presets", "qualign"]);
    expect(code).to.equal(2);
    expect(out).to.equal("");
    expect(err).to.include('(did you mean "qalign"?)').and.to.include("(ERR_PRESET)\n");
  });
});
