import { expect } from "chai";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { createScorer, type Scorer } from "../../src/index.js";
import { nativeAddon } from "../../src/native/load.js";
import { bundledModel } from "../../src/models/resolve.js";

const example = (name: string): string => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

describe("the bundled model", () => {
  let scorer: Scorer;
  before(async () => {
    scorer = await createScorer();
  });
  after(() => scorer.close());

  it("answers with the tone words, and scores photographs above their damaged copies", async () => {
    const score = async (source: string | Buffer): Promise<number> => {
      const result = await scorer.scoreImage(source);
      expect(result.answerMass).to.be.above(0.9);
      return result.score;
    };
    const rider = await score(example("rider.jpg"));
    for (const copy of ["rider-blurred.jpg", "rider-noisy.jpg", "rider-compressed.jpg"]) {
      expect(await score(example(copy)), copy).to.be.below(rider);
    }
    const burger = await score(example("burger.jpg"));
    const blurred = await sharp(example("burger.jpg")).blur(3).png().toBuffer();
    expect(await score(blurred)).to.be.below(burger);
  });

  it("sees where a clip goes out of focus", async () => {
    const { frames, trusted } = await scorer.scoreVideo(example("clip.mp4"));
    expect(trusted).to.equal(true);
    const [first = NaN, , third = NaN] = frames.map((frame) => frame.score);
    expect(third).to.be.below(first - 0.2);
  });

  it("has every tone word as one token in context", async () => {
    const model = await nativeAddon().loadModel({ ...bundledModel, gpuLayers: 0 }, () => undefined);
    const tokens = (text: string): number[] => [...model.tokenize([{ text, special: false }], false)];
    const before = tokens("The quality of the image is");
    const words = "good average poor high medium low fine acceptable bad excellent fair".split(" ");
    const after = words.map((word) => tokens(`The quality of the image is ${word}`));
    for (const [index, list] of after.entries()) {
      expect(list.slice(0, -1), words[index]).to.deep.equal(before);
    }
    expect(new Set(after.map((list) => list.at(-1))).size).to.equal(words.length);
    model.dispose();
  });
});
