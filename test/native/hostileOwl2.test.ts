import { expect } from "chai";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Pairs } from "../reference/mplug-owl2/pairs.js";
import { asText, type Change, integer, relaid, renamed, shape, type } from "./ggufChanges.js";
import { readLayout } from "./ggufLayout.js";
import { outcomesOf } from "./outcomes.js";
import { filesOf } from "./support.js";

const INVALID = "ERR_MODEL_INVALID";
const MISMATCH = "ERR_MMPROJ_MISMATCH";
const F16 = 1;
const I16 = 25;

/** One after another. */
const all =
  (...changes: readonly Change[]): Change =>
  (layout) =>
    changes.reduce((bytes, change) => change({ ...layout, bytes }), layout.bytes);

/** Where lengths change, so that the data that follow have their places. */
const fitting =
  (...changes: readonly Change[]): Change =>
  (layout) =>
    relaid({ ...layout, bytes: all(...changes)(layout) });

/** The small mmproj has 4 layers of 128, an encoder of 128 with 65 places, and 16 queries with heads of 64. */
const spoiled: readonly (readonly [what: string, change: Change, code: string])[] = [
  ["a missing norm for pictures", renamed("visual.blk.2.attn_norm.weight"), INVALID],
  ["missing keys for pictures", renamed("visual.blk.3.attn_k.weight"), INVALID],
  [
    "a layer for pictures less",
    all(
      ...["attn_k", "attn_v", "attn_norm", "ffn_norm"].map((part) => renamed(`visual.blk.3.${part}.weight`)),
    ),
    MISMATCH,
  ],
  [
    "none for pictures",
    all(
      ...[0, 1, 2, 3].flatMap((layer) =>
        ["attn_k", "attn_v", "attn_norm", "ffn_norm"].map((part) =>
          renamed(`visual.blk.${String(layer)}.${part}.weight`),
        ),
      ),
    ),
    INVALID,
  ],
  ["keys for pictures of fewer rows", fitting(shape("visual.blk.1.attn_k.weight", 128, 96)), INVALID],
  [
    "keys and values for pictures of fewer rows",
    fitting(
      ...[0, 1, 2, 3].flatMap((layer) =>
        ["attn_k", "attn_v"].map((part) => shape(`visual.blk.${String(layer)}.${part}.weight`, 128, 96)),
      ),
    ),
    MISMATCH,
  ],
  ["a norm for pictures that is shorter", fitting(shape("visual.blk.0.ffn_norm.weight", 96)), INVALID],
  ["a norm for pictures as f16", fitting(type("visual.blk.0.attn_norm.weight", F16)), INVALID],
  ["values for pictures of integers", fitting(type("visual.blk.0.attn_v.weight", I16)), INVALID],
  ["no number of heads", integer("clip.vision.abstractor.head_count", 0), INVALID],
  ["heads that do not divide the width", integer("clip.vision.abstractor.head_count", 3), INVALID],
  ["heads beyond all measure", integer("clip.vision.abstractor.head_count", 2 ** 31), INVALID],
  ["more of the encoder's heads", integer("clip.vision.attention.head_count", 5), INVALID],
  ["places for fewer queries", fitting(shape("mm.abstractor.position", 128, 80)), INVALID],
  ["queries of another width", fitting(shape("mm.abstractor.query", 64, 16)), INVALID],
  ["queries as f16", fitting(type("mm.abstractor.query", F16)), INVALID],
  ["a narrower result", fitting(shape("mm.abstractor.fc.weight", 128, 64)), INVALID],
  ["a shorter end", fitting(shape("mm.abstractor.end", 64)), INVALID],
  [
    "a layer of the abstractor of another width",
    fitting(shape("mm.abstractor.1.gate.weight", 128, 160)),
    INVALID,
  ],
  ["a missing norm in the abstractor", renamed("mm.abstractor.0.normk.bias"), INVALID],
  ["an encoder's layer without a bias", renamed("v.blk.1.attn_q.bias"), INVALID],
  ["an encoder without a norm", renamed("v.post_ln.weight"), INVALID],
  ["a larger picture", integer("clip.vision.image_size", 448), INVALID],
  ["no picture", integer("clip.vision.image_size", 0), INVALID],
  ["patches of another size", integer("clip.vision.patch_size", 28), INVALID],
  ["very many blocks", integer("clip.vision.block_count", 2 ** 31 - 1), INVALID],
  ["a wider encoder", integer("clip.vision.embedding_length", 256), INVALID],
  ["an encoder's bias of one number", fitting(shape("v.blk.0.ffn_up.bias", 1)), INVALID],
  ["a text for the number of heads", asText("clip.vision.abstractor.head_count"), INVALID],
];

describe("an mPLUG-Owl2's mmproj made to do harm", () => {
  let outcomes: (string | null)[];

  before(async () => {
    await using pairs = await Pairs.make();
    const files = await pairs.files("F16");
    const layout = readLayout(files.mmproj);
    const made = await Promise.all(
      spoiled.map(async ([, change], index) => {
        const mmproj = join(pairs.folder, `${String(index)}.gguf`);
        await writeFile(mmproj, change(layout));
        return { ...files, mmproj };
      }),
    );
    const others = ["llava-1.5", "qwen3.5"].map((family) => ({ ...files, model: filesOf(family).model }));
    outcomes = await outcomesOf([...made, ...others, files]);
  });

  for (const [index, [what, , code]] of spoiled.entries()) {
    it(`is refused with ${what}`, () => {
      expect(outcomes[index]).to.equal(code);
    });
  }

  it("is refused beside other language models", () => {
    expect(outcomes.slice(spoiled.length, -1)).to.deep.equal([MISMATCH, MISMATCH]);
  });

  it("scores where it is sound", () => {
    expect(outcomes.at(-1)).to.equal("scored");
  });
});
