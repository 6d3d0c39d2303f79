import { expect } from "chai";
import { readFileSync } from "node:fs";
import { createScorer, parsePreset, type Preset, type PresetInput } from "../../src/index.js";
import { codeBlocks, docsFile } from "./codeBlocks.js";

const photo = "examples/rider.jpg";
const written = codeBlocks("presets.md", "json").map((json) => JSON.parse(json) as PresetInput);

function example(name: string): PresetInput {
  const found = written.find((preset) => preset.name === name);
  if (!found) throw new Error(`docs/presets.md has no example ${name}`);
  return found;
}

/** Every field that there is; a new one does not compile until it stands here, and then is missed below. */
const fields: Readonly<Record<keyof Preset, true>> = {
  name: true,
  version: true,
  description: true,
  source: true,
  system: true,
  questions: true,
  tones: true,
  combine: true,
  temperature: true,
  template: true,
  templateArguments: true,
  answer: true,
  frames: true,
  picture: true,
};

describe("docs/presets.md", () => {
  it("shows every field in an example", () => {
    expect(new Set(written.flatMap((preset) => Object.keys(preset)))).to.deep.equal(
      new Set(Object.keys(fields)),
    );
  });

  it("lists every field with its default", () => {
    const rows = [...readFileSync(docsFile("presets.md"), "utf8").matchAll(/^\| `(\w+)` +\|([^|]*)\|/gm)];
    expect(rows.map(([, field]) => field)).to.have.members(Object.keys(fields));
    const { name, questions, tones } = example("focus");
    const defaults: Record<string, unknown> = { ...parsePreset({ name, questions, tones }) };
    for (const [, field = "", cell = ""] of rows) {
      const said = cell.trim().replace(/^`(.*)`$/, "$1");
      if (said === "") expect({ name, questions, tones }).to.have.property(field);
      else if (said === "none") expect(defaults).not.to.have.property(field);
      else expect(defaults[field], field).to.deep.equal(said === "empty" ? "" : JSON.parse(said));
    }
  });

  for (const preset of written) {
    it(`has an example, ${preset.name}, that the bundled model answers`, async () => {
      await using scorer = await createScorer({ preset, threads: 1, gpu: "off" });
      const { score, preset: asked } = await scorer.scoreImage(photo);
      expect(score).to.be.within(0, 1);
      expect(asked).to.equal(preset.name);
    });
  }

  it("writes the bundled model's prompt out as its template renders it", async () => {
    const raw = example("raw");
    const rendered = {
      ...raw,
      template: "chat",
      questions: [{ ...raw.questions[0], question: "Rate the quality of the image." }],
    };
    const prompts = [];
    for (const preset of [raw, rendered as PresetInput]) {
      await using scorer = await createScorer({ preset, threads: 1, gpu: "off" });
      prompts.push((await scorer.header()).presets.image.prompts);
    }
    expect(prompts[0]).to.deep.equal(prompts[1]);
  });
});
