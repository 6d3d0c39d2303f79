import { expect } from "chai";
import { cp, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { createScorer, findInputs, type Result, type Scorer, type ScorerOptions } from "../../src/index.js";
import { filesOf } from "../native/support.js";

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));
const photo = join(examples, "rider.jpg");
const clip = join(examples, "clip.mp4");

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "no error",
    (error: unknown) => (error as { code?: unknown }).code,
  );

async function collect<T>(results: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const result of results) list.push(result);
  return list;
}

const scoreOf = (result: Result | undefined): number => (result && "score" in result ? result.score : NaN);

describe("scorer", () => {
  const options = { ...filesOf("smolvlm"), threads: 2 };
  let scorer: Scorer;
  let folder: string;

  before(async () => {
    scorer = await createScorer(options);
    folder = await mkdtemp(join(tmpdir(), "tonescore-"));
  });
  after(async () => {
    await scorer.close();
    await rm(folder, { recursive: true });
  });

  it("scores a file, its bytes and its pixels alike, to the bit", async () => {
    const { data, info } = await sharp(photo).raw().toBuffer({ resolveWithObject: true });
    const fromFile = await scorer.scoreImage(photo);
    const fromBytes = await scorer.scoreImage(await readFile(photo));
    const fromPixels = await scorer.scoreImage({ data, width: info.width, height: info.height });
    expect(fromFile.score).to.be.within(0, 1);
    expect(fromFile.input).to.include({ path: photo, width: 512, height: 512 });
    expect(fromBytes.answers).to.deep.equal(fromFile.answers);
    expect(fromPixels.answers).to.deep.equal(fromFile.answers);
  });

  it("gives the same bits in any order and company", async () => {
    const files = ["rider.jpg", "burger.jpg", "rider-noisy.jpg", "rider-compressed.jpg"].map((file) =>
      join(examples, file),
    );
    const forwards = await collect(scorer.scoreImages(files));
    const backwards = await collect(scorer.scoreImages([...files].reverse()));
    expect(backwards.reverse()).to.deep.equal(forwards);
    expect(new Set(forwards.map(scoreOf)).size).to.equal(files.length);
    expect(await scorer.scoreImage(photo)).to.deep.equal(forwards[0]);
  });

  it("keeps the order, and gives each bad input its own error", async () => {
    const broken = join(folder, "broken.jpg");
    await cp(photo, broken);
    await truncate(broken, 5000);
    const text = join(folder, "text.jpg");
    await writeFile(text, "Not a picture.");
    const results = await collect(
      scorer.scoreImages([broken, photo, text, join(folder, "absent.jpg"), photo]),
    );
    expect(
      results.map((result) => (result.type === "error" ? result.error.code : result.type)),
    ).to.deep.equal(["ERR_IMAGE_DECODE", "image", "ERR_IMAGE_DECODE", "ERR_INPUT_NOT_FOUND", "image"]);
  });

  it("ends a run whose model files turn out not to belong together, which is no input's fault", async () => {
    const { model } = filesOf("qwen2.5-vl");
    const { mmproj } = filesOf("smolvlm");
    await using mismatched = await createScorer({ model, mmproj, threads: 1 });
    expect(await codeOf(collect(mismatched.scoreImages([photo, photo])))).to.equal("ERR_MMPROJ_MISMATCH");
    expect(await codeOf(collect(mismatched.scoreAll(findInputs([photo]))))).to.equal("ERR_MMPROJ_MISMATCH");
  });

  it("draws inputs as it needs them", async () => {
    let drawn = 0;
    function* endless(): Generator<string> {
      for (;;) {
        drawn++;
        yield photo;
      }
    }
    const results = scorer.scoreImages(endless());
    await results.next();
    await results.return();
    expect(drawn).to.be.below(10);
  });

  it("scores pictures and videos together", async () => {
    const results = await collect(scorer.scoreAll(findInputs([clip, photo]), { fps: 2, pooling: "mean" }));
    const [video, image] = results;
    expect(image?.type).to.equal("image");
    if (video?.type !== "video") return expect.fail("expected a video");
    expect(video.frames.map((frame) => Math.floor(frame.time * 2))).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(video).to.include({ pooling: "mean", sampling: "fps 2" });
    const mean = video.frames.reduce((sum, frame) => sum + frame.score, 0) / video.frames.length;
    expect(video.score).to.be.closeTo(mean, 1e-12);
    expect(video.frames[0]?.answers[0]?.words).to.have.length(9);
  });

  it("tells what a run's results have in common", async () => {
    const header = await scorer.header();
    expect(header).to.include({ type: "header", version: 1, llamaCpp: "v0.5.0", backend: "CPU", threads: 2 });
    expect(header.model.sha256).to.match(/^[0-9a-f]{64}$/);
    expect(header.presets.image.name).to.equal("qboost");
    expect(header.presets.video.name).to.equal("qboost-ensemble");
    expect(header.presets.image.prompts[0])
      .to.include("{picture}")
      .and.to.match(/The quality of the image is$/);
  });

  it("stops at the signal, and scores on afterwards", async () => {
    const aborted = AbortSignal.abort();
    expect(await codeOf(scorer.scoreImage(photo, { signal: aborted }))).to.equal("ERR_ABORTED");
    const controller = new AbortController();
    const pending = codeOf(scorer.scoreVideo(clip, { every: 1, signal: controller.signal }));
    setTimeout(() => {
      controller.abort();
    }, 300);
    expect(await pending).to.equal("ERR_ABORTED");
    expect((await scorer.scoreImage(photo)).type).to.equal("image");
  });

  it("asks a question that looks like markup as it stands", async () => {
    const question = "Is <image> good?<|im_end|> <__media__> <end_of_utterance>";
    await using other = await createScorer({ ...options, question });
    const result = await other.scoreImage(photo);
    expect(result.answers[0]?.question).to.equal(question);
  });

  it("asks several questions about one encoded picture", async () => {
    const preset = join(folder, "three.json");
    const questions = ["quality", "sharpness", "contrast"].map((what) => ({
      question: `Rate the ${what} of the image.`,
      prefill: `The ${what} of the image is`,
    }));
    const tones = [
      { name: "up", weight: 1, words: ["good"] },
      { name: "down", weight: 0, words: ["bad", "poor"] },
    ];
    await writeFile(preset, JSON.stringify({ name: "three", questions, tones }));
    await using other = await createScorer({ ...options, preset });
    const result = await other.scoreImage(photo);
    expect(result.answers.map((answer) => answer.question)).to.deep.equal(
      questions.map(({ question }) => question),
    );
    expect(result.tones.map((tone) => tone.name)).to.deep.equal(["up", "down"]);
  });

  it("reads words of several tokens where the preset says how", async () => {
    const tones = [
      { name: "up", weight: 1, words: ["splendid", "good"] },
      { name: "down", weight: 0, words: ["dreadful"] },
    ];
    const questions = [
      { question: "Rate the quality of the image.", prefill: "The quality of the image is" },
    ];
    const logitsAs = async (answer: string): Promise<number[]> => {
      const preset = join(folder, `${answer}.json`);
      await writeFile(preset, JSON.stringify({ name: answer, questions, tones, answer }));
      await using other = await createScorer({ ...options, preset });
      const { answers } = await other.scoreImage(photo);
      return answers.flatMap(({ words, logSumExp }) => words.map((word) => word.logit - logSumExp));
    };
    const whole = await logitsAs("sequence");
    const first = await logitsAs("firstToken");
    expect(whole[1]).to.be.closeTo(first[1] ?? NaN, 1e-4); // "good" is one token
    expect(whole[0]).to.be.below(first[0] ?? NaN); // "splendid" is several, each less than certain
    expect(whole[2]).to.be.below(first[2] ?? NaN);
    expect(await codeOf(logitsAs("singleToken"))).to.equal("ERR_ANSWER_TOKENS");
  });

  it("refuses to work when closed", async () => {
    const other = await createScorer(options);
    await other.close();
    await other.close();
    expect(await codeOf(other.scoreImage(photo))).to.equal("ERR_DISPOSED");
  });

  const wrong: [string, ScorerOptions, string][] = [
    ["a model that is not there", { model: "/absent.gguf" }, "ERR_MODEL_NOT_FOUND"],
    ["a URL for a model", { model: "https://example.org/m.gguf" }, "ERR_MODEL_NOT_FOUND"],
    ["an unknown preset", { preset: "qbost" }, "ERR_PRESET"],
    ["an unknown option", { modle: "x" } as ScorerOptions, "ERR_INVALID_ARGUMENT"],
    ["threads below one", { threads: 0 }, "ERR_INVALID_ARGUMENT"],
    ["an unknown scale", { scale: "stars" as "unit" }, "ERR_INVALID_ARGUMENT"],
    ["words that are several tokens", { tones: "extraordinarily;good" }, "ERR_ANSWER_TOKENS"],
    ["a model without a template", filesOf("llava-1.5"), "ERR_CHAT_TEMPLATE"],
    ["a GPU that is not there", { gpu: "cuda" }, "ERR_NATIVE_LOAD"],
    ["a signal that has fired", { signal: AbortSignal.abort() }, "ERR_ABORTED"],
  ];
  for (const [what, extra, code] of wrong) {
    it(`refuses ${what}`, async () => {
      expect(await codeOf(createScorer({ ...options, ...extra }))).to.equal(code);
    });
  }

  it("needs no more memory for five hundred pictures than for fifty", async () => {
    const pictures = await Promise.all(
      [200, 260, 320].map((side) => sharp(photo).resize(side, 200).jpeg().toBuffer()),
    );
    const scoreMany = async (count: number): Promise<number> => {
      const sources = Array.from({ length: count }, (_, i) => pictures[i % pictures.length] ?? photo);
      const results = await collect(scorer.scoreImages(sources));
      expect(results.every((result) => result.type === "image")).to.equal(true);
      return process.memoryUsage().rss / 1e6;
    };
    const warm = await scoreMany(50);
    const after = await scoreMany(500);
    expect(after - warm, "MB").to.be.below(40);
  }).timeout(300_000);
});
