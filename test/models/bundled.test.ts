import { expect } from "chai";
import { readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { createScorer, presets, type Scorer } from "../../src/index.js";
import { hashFile } from "../../src/models/hash.js";
import { bundledModel } from "../../src/models/resolve.js";
import { nativeAddon } from "../../src/native/load.js";

interface CatalogueFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}
interface Catalogue {
  readonly models: readonly { readonly model: CatalogueFile; readonly mmproj: CatalogueFile }[];
}

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

  it("is the one in the catalogue, to the bit", async () => {
    const path = fileURLToPath(new URL("../../models/catalogue.json", import.meta.url));
    const { models } = JSON.parse(readFileSync(path, "utf8")) as Catalogue;
    for (const part of ["model", "mmproj"] as const) {
      const file = bundledModel[part];
      const actual = { file: basename(file), bytes: (await stat(file)).size, sha256: await hashFile(file) };
      expect(models.map((model) => model[part])).to.deep.include(actual);
    }
  });

  it("keeps neighbouring levels of damage in order", async () => {
    const rider = example("rider.jpg");
    const ladders: Record<string, (level: number) => Promise<Buffer>> = {
      blur: (level) =>
        sharp(rider)
          .blur(0.6 * 1.8 ** level)
          .png()
          .toBuffer(),
      jpeg: (level) =>
        sharp(rider)
          .jpeg({ quality: Math.round(60 / 2 ** level) })
          .toBuffer(),
      dark: (level) =>
        sharp(rider)
          .linear(0.7 ** level, 0)
          .png()
          .toBuffer(),
    };
    for (const [name, damage] of Object.entries(ladders)) {
      let before = (await scorer.scoreImage(rider)).score;
      for (const level of [1, 2, 3, 4]) {
        const { score } = await scorer.scoreImage(await damage(level));
        expect(score, `${name}, level ${level}`).to.be.below(before);
        before = score;
      }
    }
  });

  it("answers every built-in question with its own words, and others with none of them", async () => {
    const massOf = async (options: Parameters<typeof createScorer>[0]): Promise<number> => {
      await using one = await createScorer(options);
      return (await one.scoreImage(example("burger.jpg"))).answerMass;
    };
    for (const [preset, { tones }] of presets) {
      if (tones.length < 3) continue; // one that leaves the middle word out leaves its share out
      expect(await massOf({ preset }), preset).to.be.above(0.9);
    }
    for (const question of ["What is the capital of France?", "How many people are in the image?"]) {
      expect(await massOf({ question, preset: "qboost-ensemble" }), question).to.be.below(0.1);
    }
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
