import { expect } from "chai";
import { createScorer, type ImageSource, type Scorer } from "../../src/index.js";
import { failure } from "../media/helpers.js";
import { filesOf } from "../native/support.js";

describe("what is scored", () => {
  let scorer: Scorer;
  before(async () => {
    scorer = await createScorer({ ...filesOf("smolvlm"), threads: 1 });
  });
  after(() => scorer.close());

  const pixels = { width: 2, height: 2, data: new Uint8Array(12) };
  const wrong: unknown[] = [
    null,
    undefined,
    5,
    new URL("https://example.org/photo.jpg"),
    new Float32Array(12),
    { ...pixels, data: new Uint8Array(11) },
    { ...pixels, data: [...pixels.data] },
    { ...pixels, width: 0 },
    { ...pixels, width: 1.5, data: new Uint8Array(9) },
  ];

  it("is a path, bytes or pixels, and nothing else", async () => {
    expect((await scorer.scoreImage(pixels)).input).to.include({ width: 2, height: 2 });
    for (const source of wrong) {
      const { message } = await failure(scorer.scoreImage(source as ImageSource), "ERR_INVALID_ARGUMENT");
      expect(message).to.include("Expected a path").and.include("received");
    }
    await failure(scorer.scoreVideo(5 as unknown as string), "ERR_INVALID_ARGUMENT");
  });

  it("may lose its memory while it waits or is scored, and is then an error or scored as it was", async () => {
    const side = 600;
    const shared = (): Uint8Array => new Uint8Array(new SharedArrayBuffer(side * side * 3)).fill(90);
    const owned = (): Uint8Array => new Uint8Array(side * side * 3).fill(90);
    const { score } = await scorer.scoreImage({ width: side, height: side, data: owned() });
    const takes = [
      (data: Uint8Array) => structuredClone(data.buffer, { transfer: [data.buffer as ArrayBuffer] }),
      (data: Uint8Array) => data.fill(0),
    ];
    for (const [make, take] of [
      [owned, takes[0]],
      [owned, takes[1]],
      [shared, takes[1]],
    ] as const) {
      for (const wait of [0, 2, 10]) {
        const jobs = [owned(), make(), owned()].map((data) => ({ width: side, height: side, data }));
        const results = jobs.map((job) => scorer.scoreImage(job).catch((error: unknown) => error));
        await new Promise((resolve) => setTimeout(resolve, wait));
        take?.(jobs[1]?.data ?? new Uint8Array());
        const [before, taken, after] = await Promise.all(results);
        expect(before).to.have.property("score", score);
        expect(after).to.have.property("score", score);
        expect(taken).to.satisfy((outcome: object) => "score" in outcome || "code" in outcome);
      }
    }
  });

  it("is an error where its memory was transferred before", async () => {
    const data = new Uint8Array(12);
    structuredClone(data.buffer, { transfer: [data.buffer] });
    await failure(scorer.scoreImage({ width: 2, height: 2, data }), "ERR_INVALID_ARGUMENT");
    await failure(scorer.scoreImage(data), "ERR_IMAGE_DECODE");
    await failure(scorer.scoreImage(data.buffer), "ERR_IMAGE_DECODE");
  });

  it("costs a run of many nothing but its own result", async () => {
    const types: string[] = [];
    for await (const { type } of scorer.scoreImages([null as unknown as string, pixels])) types.push(type);
    expect(types).to.deep.equal(["error", "image"]);
  });

  it("is not scored under a misspelled option", async () => {
    const options = { frame: 3 } as object;
    const { message } = await failure(scorer.scoreVideo("clip.mp4", options), "ERR_INVALID_ARGUMENT");
    expect(message).to.include('did you mean "frames"?');
  });
});
