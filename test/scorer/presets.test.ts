import { expect } from "chai";
import { createScorer, type Result, type ScorerOptions } from "../../src/index.js";
import { findInputs } from "../../src/media/inputs/findInputs.js";
import { filesOf } from "../native/support.js";

const picture = "test/fixtures/media/quarters.png";
const video = "test/fixtures/media/rotated.mp4";
const presets = ["qboost", "qalign", "qboost-ensemble"];
const options: ScorerOptions = { ...filesOf("llava-1.5"), template: "vicuna", threads: 1 };

/** The results of all inputs, for each preset. */
async function scoreTogether(...paths: string[]): Promise<Result[][]> {
  const [preset = "", ...alsoPresets] = presets;
  await using scorer = await createScorer({ ...options, preset, alsoPresets });
  const all: Result[][] = [];
  for await (const results of scorer.scoreAllByPreset(findInputs(paths))) all.push(results);
  const headers = await scorer.headersByPreset();
  expect(headers.map((header) => header.presets.image.name)).to.deep.equal(presets);
  return all;
}

async function scoreAlone(preset: string, ...paths: string[]): Promise<Result[]> {
  await using scorer = await createScorer({ ...options, preset });
  const all: Result[] = [];
  for await (const result of scorer.scoreAll(findInputs(paths))) all.push(result);
  return all;
}

describe("several presets on one scorer", () => {
  it("give the bits that each gives alone, for pictures and videos", async () => {
    const together = await scoreTogether(picture, video);
    expect(together.map(([result]) => result?.type)).to.deep.equal(["image", "video"]);
    for (const [index, preset] of presets.entries()) {
      const alone = await scoreAlone(preset, picture, video);
      expect(together.map((results) => results[index])).to.deep.equal(alone);
    }
  });

  it("each have the error of a bad input", async () => {
    const [results = []] = await scoreTogether("test/fixtures/media/gone.png");
    expect(results.map((result) => "error" in result && result.error.code)).to.deep.equal(
      presets.map(() => "ERR_INPUT_NOT_FOUND"),
    );
  });
});
