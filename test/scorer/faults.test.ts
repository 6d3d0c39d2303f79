import { expect } from "chai";
import { cp, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { createScorer, findInputs, type ErrorResult, type Result, type Scorer } from "../../src/index.js";
import { failure } from "../media/helpers.js";
import { filesOf } from "../native/support.js";

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));
const photo = join(examples, "rider.jpg");

async function collect<T>(results: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const result of results) list.push(result);
  return list;
}

const codes = (results: readonly Result[]): string[] =>
  results.map((result) => (result.type === "error" ? result.error.code : result.type));

const plain = (width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: "grey" } })
    .png()
    .toBuffer();

describe("one input's fault", () => {
  let folder: string;
  let scorer: Scorer;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "tonescore-faults-"));
    scorer = await createScorer({ ...filesOf("smolvlm"), threads: 1, maxPixels: 300_000 });
  });
  after(async () => {
    await scorer.close();
    await rm(folder, { recursive: true });
  });

  it("is not that its file goes away, or becomes another, while it is scored", async () => {
    const clip = join(folder, "clip.mp4");
    const picture = join(folder, "picture.jpg");
    await cp(join(examples, "clip.mp4"), clip);
    await cp(photo, picture);
    const listed = { clip: await stat(clip), picture: await stat(picture) };
    const inputs = await collect(findInputs([clip, picture]));
    await writeFile(picture, await sharp(photo).jpeg({ quality: 20 }).toBuffer());
    const onFrame = (frames: number): void => {
      if (frames === 1) void rm(clip);
    };
    const results = await collect(scorer.scoreAll(inputs, { onFrame }));
    expect(codes(results)).to.deep.equal(["video", "image"]);
    expect(results[0]?.input).to.include({
      path: clip,
      size: listed.clip.size,
      mtimeMs: listed.clip.mtimeMs,
    });
    expect(results[1]?.input).to.include({ size: listed.picture.size, mtimeMs: listed.picture.mtimeMs });
    expect((await stat(picture)).size).to.not.equal(listed.picture.size);
  });

  it("is its own, even where nobody foresaw it", async () => {
    const odd = new Blob(["x"]);
    odd.arrayBuffer = () => Promise.reject(new RangeError("of its own kind"));
    const results = await collect(scorer.scoreImages([odd, photo]));
    expect(codes(results)).to.deep.equal(["ERR_UNEXPECTED", "image"]);
    expect((results[0] as ErrorResult).error.message)
      .to.include("of its own kind")
      .and.include("report");
  });

  it("is more pixels than may be held, its padding counted", async () => {
    const padding = { name: "padding", questions: [{ question: "Rate the quality." }] };
    const tones = [
      { name: "good", weight: 1, words: ["good"] },
      { name: "poor", weight: 0, words: ["poor"] },
    ];
    const preset = { ...padding, tones, picture: { squarePad: [0, 0, 0] as [number, number, number] } };
    await using padded = await createScorer({
      ...filesOf("smolvlm"),
      threads: 1,
      maxPixels: 300_000,
      preset,
    });
    const wide = await plain(60_000, 1);
    const results = await collect(padded.scoreImages([wide, await plain(512, 500), await plain(300, 200)]));
    expect(codes(results)).to.deep.equal(["ERR_IMAGE_TOO_LARGE", "ERR_IMAGE_TOO_LARGE", "image"]);
    expect(results.at(-1)?.input).to.include({ width: 300, height: 300 });
    const pixels = { width: 600, height: 600, data: new Uint8Array(600 * 600 * 3) };
    const { message } = await failure(padded.scoreImage(pixels), "ERR_IMAGE_TOO_LARGE");
    expect(message).to.include("300000").and.include("maxPixels");
  });

  it("is not its size, where the model's own input is far smaller: it is decoded smaller then", async () => {
    const stored = sharp(photo).resize(3072, 4096, { fit: "fill" }).jpeg({ quality: 95 });
    const turned = await stored.withMetadata({ orientation: 6 }).toBuffer();
    await using bundled = await createScorer({ threads: 1, maxPixels: 3_200_000, views: "whole" });
    const { input, score } = await bundled.scoreImage(turned);
    expect(input).to.deep.equal({
      ...{ width: 2048, height: 1536, original: { width: 4096, height: 3072 } },
      treatment: ["orientation", "shrunk 4096x3072→2048x1536", "icc→srgb"],
    });
    const { data, info } = await sharp(turned).autoOrient().raw().toBuffer({ resolveWithObject: true });
    await using whole = await createScorer({ threads: 1, views: "whole" });
    const { width, height } = info;
    expect((await whole.scoreImage({ data, width, height })).score).to.be.closeTo(score, 0.005);
  });

  it("is not that others are asked at the same time", async () => {
    const pictures = await Promise.all(Array.from({ length: 12 }, (_, i) => plain(500 + i, 500)));
    const results = await Promise.all(pictures.map((bytes) => scorer.scoreImage(bytes)));
    expect(results.map(({ input }) => input.width)).to.deep.equal(pictures.map((_, i) => 500 + i));
    const [clip, image] = await Promise.all([
      scorer.scoreVideo(join(examples, "clip.mp4"), { frames: 2 }),
      scorer.scoreImage(photo),
    ]);
    expect(clip.frames).to.have.length(2);
    expect(image.input.width).to.equal(512);
  });
});
