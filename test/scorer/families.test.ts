import { expect } from "chai";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { createScorer, type ImageResult, type Preset, type ScorerOptions } from "../../src/index.js";
import { filesOf } from "../native/support.js";
import { builtIn } from "../prompts/builtIn.js";

const clip = fileURLToPath(new URL("../../examples/clip.mp4", import.meta.url));
const photo = fileURLToPath(new URL("../../examples/rider.jpg", import.meta.url));
const sized = (width: number, height: number): Promise<Buffer> =>
  sharp(photo).resize(width, height, { fit: "fill" }).jpeg({ quality: 95 }).toBuffer();

const showing = (picture: Preset["picture"]): Preset => ({ ...builtIn("qboost"), name: "mine", picture });
const llava: ScorerOptions = { ...filesOf("llava-1.5"), template: "vicuna", threads: 1, gpu: "off" };
const qwen: ScorerOptions = { ...filesOf("qwen3.5"), threads: 1, gpu: "off" };

async function scoreWith(options: ScorerOptions, picture: Buffer): Promise<ImageResult> {
  await using scorer = await createScorer(options);
  return await scorer.scoreImage(picture);
}

async function familyIn(options: ScorerOptions): Promise<unknown> {
  await using scorer = await createScorer(options);
  return (await scorer.header()).family;
}

describe("a model of a known family", () => {
  let wide: Buffer;
  before(async () => {
    wide = await sized(300, 200);
  });

  it("is shown pictures as its authors do, with nothing said", async () => {
    const plain = await scoreWith(llava, wide);
    const padded = await scoreWith({ ...llava, preset: showing({ squarePad: [122, 116, 104] }) }, wide);
    expect(plain.input).to.deep.include({ width: 300, height: 300 });
    expect(plain.input.treatment.at(-1)).to.equal("square-padded 122,116,104");
    expect(plain.answers).to.deep.equal(padded.answers);
  });

  it("is shown them as a preset says instead", async () => {
    const plain = await scoreWith(llava, wide);
    const asIs = await scoreWith({ ...llava, preset: showing({ squarePad: false }) }, wide);
    expect(asIs.input).to.deep.include({ width: 300, height: 200 });
    expect(asIs.answers).not.to.deep.equal(plain.answers);
    const cut = await scoreWith({ ...llava, preset: showing({ centreCut: true }) }, wide);
    expect(cut.input.treatment.at(-1)).to.match(/^centre-cut 300x200→\d+x\d+$/);
    expect(cut.answers).not.to.deep.equal(plain.answers);
  });

  it("has squares of a video's frames, of crops, and in a process of its own", async () => {
    await using scorer = await createScorer(llava);
    const { input } = await scorer.scoreVideo(clip, { frames: 1 });
    expect(input.width).to.equal(input.height);
    const large = await sized(700, 300);
    const { input: whole, views } = await scoreWith({ ...llava, views: "detail" }, large);
    expect(whole).to.include({ width: 700, height: 700 });
    expect(views?.crops[0]).to.include({ width: 512, height: 300 });
    const plain = await scoreWith(llava, wide);
    const apart = await scoreWith({ ...llava, isolate: true }, wide);
    expect(apart).to.deep.equal(plain);
  });

  it("has smaller squares of pictures whose own do not fit into memory", async () => {
    const { input } = await scoreWith({ ...llava, maxPixels: 3_000_000 }, await sized(2000, 1000));
    expect(input).to.deep.include({
      ...{ width: 1000, height: 1000, original: { width: 2000, height: 1000 } },
    });
    const { input: roomy } = await scoreWith(llava, await sized(2000, 1000));
    expect(roomy).to.include({ width: 2000, height: 2000 });
  });

  it("is named in the header with what was chosen", async () => {
    expect(await familyIn(llava)).to.deep.equal({ name: "LLaVA-1.5", squarePad: [122, 116, 104] });
    const chosen = { name: "Qwen3.5", imageMinTokens: 64, imageMaxTokens: 4096, authorsMaxTokens: 16384 };
    expect(await familyIn(qwen)).to.deep.equal(chosen);
    expect(await familyIn({ ...qwen, isolate: true })).to.deep.equal(chosen);
    expect(await familyIn({ ...qwen, imageMinTokens: 8, imageMaxTokens: 100 })).to.deep.equal({
      ...{ name: "Qwen3.5", imageMinTokens: 8, imageMaxTokens: 100, authorsMaxTokens: 16384 },
    });
    expect(await familyIn({ threads: 1 })).to.equal(undefined);
  });

  it("has at least the tokens that its authors give a small picture", async () => {
    const small = await sized(64, 48);
    const plain = await scoreWith(qwen, small);
    const least = await scoreWith({ ...qwen, imageMinTokens: 64 }, small);
    const fewer = await scoreWith({ ...qwen, imageMinTokens: 8 }, small);
    expect(plain.answers).to.deep.equal(least.answers);
    expect(plain.answers).not.to.deep.equal(fewer.answers);
  });

  it("warns once of pictures that are shown smaller than its authors would", async () => {
    const told: string[] = [];
    await using scorer = await createScorer({ ...qwen, onWarning: (text) => told.push(text) });
    await scorer.scoreImage(await sized(64, 48));
    expect(told).to.deep.equal([]);
    const large = await sized(6000, 1000);
    await scorer.scoreImage(large);
    await scorer.scoreImage(large);
    expect(told).to.have.length(1);
    expect(told[0]).to.include("6000 × 1000");
  });
});
