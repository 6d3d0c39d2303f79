import { expect } from "chai";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import {
  createScorer,
  type ImageResult,
  type RgbImage,
  type Scorer,
  type ScorerOptions,
} from "../../src/index.js";
import { cut } from "../../src/media/image/crops.js";
import { failure } from "../media/helpers.js";
import { builtIn } from "../prompts/builtIn.js";
import { filesOf } from "../native/support.js";

const photo = fileURLToPath(new URL("../../examples/rider.jpg", import.meta.url));
const sized = (width: number, height: number): Promise<Buffer> =>
  sharp(photo).resize(width, height, { fit: "fill" }).jpeg({ quality: 95 }).toBuffer();

async function pixelsOf(picture: Buffer): Promise<RgbImage> {
  const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

async function scoreWith(options: ScorerOptions, picture: Buffer): Promise<ImageResult> {
  await using scorer = await createScorer({ threads: 1, ...options });
  return await scorer.scoreImage(picture);
}

describe("a picture larger than the bundled model is shown at once", () => {
  let scorer: Scorer;
  let large: Buffer;
  let seen: ImageResult;
  before(async () => {
    scorer = await createScorer({ threads: 2 });
    large = await sized(1400, 1000);
    seen = await scorer.scoreImage(large);
  });
  after(() => scorer.close());

  it("is looked at as a whole, and at its own size where most detail is", async () => {
    const { treatment, crops } = seen.views ?? { crops: [] };
    expect(treatment).to.deep.equal((await scorer.header()).views);
    expect(treatment?.name).to.equal("detail");
    expect(crops).to.have.length(treatment?.crops ?? NaN);
    const image = await pixelsOf(large);
    for (const { left, top, width, height, answers, score, tones } of crops) {
      const alone = await scorer.scoreImage(cut(image, { left, top, width, height }));
      expect(alone.views).to.equal(undefined);
      expect({ answers: alone.answers, score: alone.score, tones: alone.tones }).to.deep.equal({
        ...{ answers, score, tones },
      });
    }
  });

  it("has the answers that the whole alone gives, to the bit", async () => {
    const { answers, score, tones, input, views } = await scoreWith({ views: "whole" }, large);
    expect(views).to.equal(undefined);
    expect(answers).to.deep.equal(seen.answers);
    expect({ score, tones }).to.deep.include({
      score: seen.views?.whole.score,
      tones: seen.views?.whole.tones,
    });
    expect(input).to.deep.equal(seen.input);
  });

  it("has the same result in any company, and in a process of the model's own", async () => {
    const others = await Promise.all([sized(600, 400), sized(200, 200), sized(900, 900)]);
    const results: unknown[] = [];
    const company = [others[0], large, others[1], large, others[2]];
    for await (const result of scorer.scoreImages(company)) results.push(result);
    expect(results[1]).to.deep.equal(seen);
    expect(results[3]).to.deep.equal(seen);
    expect(await scoreWith({ isolate: true }, large)).to.deep.equal(seen);
  });

  it("is decoded at its own size though less is enough for the whole", async () => {
    const photograph = await sized(4200, 3100);
    const { input, views } = await scorer.scoreImage(photograph);
    expect(input).to.deep.equal({ width: 4200, height: 3100, treatment: [] });
    expect(views?.crops.every(({ width, height }) => width === 512 && height === 512)).to.equal(true);
    const whole = await scoreWith({ views: "whole" }, photograph);
    expect(whole.input.treatment).to.deep.equal(["shrunk 4200x3100→2100x1550"]);
    expect(whole.score).to.be.closeTo(views?.whole.score ?? NaN, 0.005);
  });

  it("is looked at as a whole alone where memory has no room for more", async () => {
    const photograph = await sized(4200, 3100);
    const { input, views } = await scoreWith({ maxPixels: 4200 * 3100 }, photograph);
    expect(views).to.equal(undefined);
    expect(input.treatment).to.deep.equal(["shrunk 4200x3100→2100x1550"]);
    const image = { width: 600, height: 600, data: new Uint8Array(600 * 600 * 3).fill(90) };
    const told: string[] = [];
    const onWarning = (text: string): number => told.push(text);
    await using narrow = await createScorer({ maxPixels: 600 * 600, threads: 1, onWarning });
    await narrow.scoreImage({ ...image, width: 400, height: 900 });
    expect((await narrow.scoreImage(image)).views).to.equal(undefined);
    expect(told, "once").to.have.length(1);
    expect(told[0]).to.include("400 × 900").and.include("360000 pixels").and.include("maxPixels");
    await narrow.scoreImage({ ...image, width: 512, height: 512, data: image.data.slice(0, 512 * 512 * 3) });
    expect(told).to.have.length(1);
  });

  it("may be hardly larger, and then has fewer crops; up to the side it is looked at once", async () => {
    for (const [width, height, crops] of [
      [512, 512, undefined],
      [513, 300, 1],
      [600, 400, 1],
      [800, 512, 2],
    ] as const) {
      const { views } = await scorer.scoreImage(await sized(width, height));
      expect(views?.crops.length, `${width}×${height}`).to.equal(crops);
      for (const crop of views?.crops ?? []) {
        expect(crop.left + crop.width).to.be.at.most(width);
        expect(crop.height).to.equal(Math.min(512, height));
      }
    }
  });

  it("gives each of several presets its own views", async () => {
    await using both = await createScorer({ preset: "qalign", alsoPresets: ["qboost"], threads: 2 });
    const results: unknown[] = [];
    for await (const found of both.scoreAllByPreset([{ kind: "image", path: photo, size: 1, mtimeMs: 1 }]))
      results.push(...found);
    expect(results).to.have.length(2);
    const [, qboost] = await Promise.all([both.scoreImage(large), scoreWith({ preset: "qboost" }, large)]);
    expect(qboost).to.deep.equal(seen);
  });

  it("is an abort's like any other", async () => {
    const signal = AbortSignal.timeout(30);
    await failure(scorer.scoreImage(large, { signal }), "ERR_ABORTED");
    expect(await scorer.scoreImage(large)).to.deep.equal(seen);
  });
});

describe("the option views", () => {
  it("is whole for models that nothing is known of, and detail where it is asked for", async () => {
    const picture = await sized(700, 500);
    const whole = await scoreWith(filesOf("smolvlm"), picture);
    expect(whole.views).to.equal(undefined);
    const detail = await scoreWith({ ...filesOf("smolvlm"), views: "detail" }, picture);
    expect(detail.views?.crops).to.have.length(1);
    expect(detail.answers).to.deep.equal(whole.answers);
  });

  it("pads a crop as its preset pads a picture", async () => {
    const padded = {
      ...builtIn("qboost"),
      name: "padded",
      picture: { squarePad: [1, 2, 3] as [number, number, number] },
    };
    const options: ScorerOptions = { ...filesOf("llava-1.5"), template: "vicuna", views: "detail" };
    const { input, views } = await scoreWith({ ...options, preset: padded }, await sized(700, 300));
    expect(input).to.include({ width: 700, height: 700 });
    expect(views?.crops[0]).to.include({ width: 512, height: 300 });
  });

  it("leaves the frames of videos as they are: looked at as a whole", async () => {
    const clip = fileURLToPath(new URL("../../examples/clip.mp4", import.meta.url));
    await using one = await createScorer({ threads: 2 });
    await using other = await createScorer({ threads: 2, views: "whole" });
    const settings = { frames: 2 };
    expect(await one.scoreVideo(clip, settings)).to.deep.equal(await other.scoreVideo(clip, settings));
  });

  it("takes its names alone", async () => {
    const { message } = await failure(createScorer({ views: "close" as "whole" }), "ERR_INVALID_ARGUMENT");
    expect(message).to.include("Expected one of whole, detail for views");
  });
});
