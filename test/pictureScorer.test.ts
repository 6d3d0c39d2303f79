import { expect } from "chai";
import { createScorer, type ImageSource, type Scorer } from "../src/index.js";
import { failure } from "./media/helpers.js";
import { filesOf } from "./native/support.js";

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
