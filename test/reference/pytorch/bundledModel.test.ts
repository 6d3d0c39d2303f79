import { expect } from "chai";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import type { NativeModel, NativeSession } from "../../../src/native/addon.js";
import { nativeAddon } from "../../../src/native/load.js";
import { bundledModel } from "../../../src/models/bundled.js";
import { openSession } from "../../native/support.js";

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What training/record.py stored of PyTorch's answers. */
interface Recorded {
  readonly before: string;
  readonly after: readonly string[];
  /** Of each picture and prompt the logits of the whole vocabulary. */
  readonly pictures: Readonly<Record<string, readonly (readonly number[])[]>>;
}

/** Above it PyTorch and llama.cpp would disagree by more than f16 weights and caches explain. */
const LIMIT = 0.01;

describe("the bundled model in llama.cpp", () => {
  const recorded = JSON.parse(readFileSync(file("record.json"), "utf8")) as Recorded;
  let model: NativeModel;
  let session: NativeSession;
  before(async () => {
    model = await nativeAddon().loadModel({ ...bundledModel, gpuLayers: 0 }, () => undefined);
    session = await openSession(model);
  });
  after(async () => {
    await session.close();
    model.dispose();
  });

  for (const [name, expected] of Object.entries(recorded.pictures)) {
    it(`gives PyTorch's logits for ${name}`, async () => {
      const { data, info } = await sharp(file(`../../fixtures/pictures/${name}`))
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      const picture = await session.encode(data, info.width, info.height);
      const tokens = (text: string): Int32Array => model.tokenize([{ text, special: true }], false);
      const targets = Int32Array.from({ length: model.info.vocabularySize }, (_, id) => id);
      const continuations = recorded.after.map((text) => ({ tokens: tokens(text), targets }));
      const { logits } = await session.score([tokens(recorded.before), picture], continuations);
      picture.dispose();
      const gaps = expected.flatMap((row, k) =>
        row.map((value, id) => Math.abs(value - (logits[k]?.[id] ?? NaN))),
      );
      expect(gaps).to.have.lengthOf(expected.length * targets.length);
      expect(Math.max(...gaps)).to.be.below(LIMIT);
    });
  }
});
