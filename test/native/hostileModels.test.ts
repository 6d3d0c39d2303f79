import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundledModel } from "../../src/models/bundled.js";
import { asText, type Change, data, float, integer, renamed, repeated, shape, type } from "./ggufChanges.js";
import { readLayout } from "./ggufLayout.js";
import { outcomesOf } from "./outcomes.js";
import { filesOf } from "./support.js";

const filesNamed = (pair: string): { model: string; mmproj: string } =>
  pair === "bundled" ? bundledModel : filesOf(pair);

const I16 = 25;
const I32 = 26;
const F16 = 1;
const INVALID = "ERR_MODEL_INVALID";

/** Each ended the process before it was checked, but for the last ones, which gave a score that means nothing. */
const mutants: readonly [
  pair: string,
  role: "model" | "mmproj",
  what: string,
  change: Change,
  code?: string,
][] = [
  ["bundled", "mmproj", "a missing convolution", renamed("v.blk.3.3.pw_exp.conv.weight")],
  ["bundled", "mmproj", "a missing projection", renamed("v.blk.3.5.pw_proj.conv.weight")],
  ["bundled", "mmproj", "a shortened norm", shape("mm.soft_emb_norm.weight", 127)],
  ["bundled", "mmproj", "another size of picture", integer("clip.vision.image_size", 1024), "ERR_INFERENCE"],
  ["bundled", "mmproj", "an odd size of picture", integer("clip.vision.image_size", 300)],
  ["bundled", "mmproj", "convolutions of integers", type("v.blk.2.1.pw_exp.conv.weight", I16)],
  ["bundled", "mmproj", "a first convolution of no width", shape("v.conv_stem.conv.weight", 0)],
  [
    "bundled",
    "mmproj",
    "a convolution that leaves nothing",
    shape("v.blk.3.1.pw_exp.conv.weight", 80, 1, 1, 400),
  ],
  [
    "bundled",
    "mmproj",
    "a depthwise kernel of other channels",
    shape("v.blk.2.0.dw_mid.conv.weight", 3, 3, 2, 80),
  ],
  ["bundled", "mmproj", "a shortened bias of a convolution", shape("v.conv_stem.conv.bias", 1, 1, 15)],
  ["gemma3n", "mmproj", "a missing key", renamed("v.blk.2.1.attn.key.proj.weight")],
  ["gemma3n", "mmproj", "no places for keys", shape("v.blk.2.1.attn.key.down_conv.weight", 255, 3, 1, 1)],
  ["gemma3n", "mmproj", "values of another width", shape("v.blk.3.1.attn.value.proj.weight", 1, 1, 56, 5)],
  [
    "gemma3n",
    "mmproj",
    "queries that are no whole heads",
    shape("v.blk.3.1.attn.query.proj.weight", 1, 1, 56, 47),
  ],
  ["gemma3n", "mmproj", "a norm of other channels", shape("v.blk.1.0.dw_mid.bn.weight", 59)],
  ["gemma3n", "mmproj", "a longer norm", shape("v.msfa.norm.weight", 127)],
  ["bundled", "model", "weights of integers", type("blk.1.attn_output.weight", I32)],
  ["bundled", "model", "no block", integer("llama.block_count", 0)],
  ["smolvlm", "mmproj", "another width", integer("clip.vision.embedding_length", 63)],
  ["smolvlm", "mmproj", "a great width", integer("clip.vision.embedding_length", 1_000_000)],
  ["smolvlm", "mmproj", "a shortened bias", shape("v.blk.1.attn_out.bias", 63)],
  ["smolvlm", "mmproj", "an empty projection", shape("mm.model.fc.weight", 0)],
  ["smolvlm", "mmproj", "a transposed layer", shape("v.blk.1.ffn_up.weight", 160, 64)],
  ["smolvlm", "mmproj", "very many blocks", integer("clip.vision.block_count", 2 ** 31 - 1)],
  ["qwen2.5-vl", "mmproj", "an odd width", integer("clip.vision.embedding_length", 65)],
  ["qwen2.5-vl", "model", "another width of heads", integer("qwen2vl.attention.key_length", 31)],
  [
    "qwen2.5-vl",
    "model",
    "more rotated than there is",
    integer("qwen2vl.rope.dimension_sections", 1_000_000, 1),
  ],
  ["qwen2.5-vl", "mmproj", "very large tokens", integer("clip.vision.spatial_merge_size", 33)],
  ["gemma3", "mmproj", "larger patches", integer("clip.vision.patch_size", 28)],
  ["gemma3", "mmproj", "many heads", integer("clip.vision.attention.head_count", 65_535)],
  ["gemma3", "mmproj", "a text for a number", asText("clip.vision.projection_dim")],
  ["gemma3", "mmproj", "a text for a switch", asText("clip.use_gelu")],
  ["gemma3", "mmproj", "norms of integers", type("v.blk.0.ln1.weight", I32)],
  ["gemma3", "model", "a rotation beyond the head", integer("gemma3.rope.dimension_count", 2 ** 32 - 1)],
  ["internvl3", "model", "very many blocks", integer("qwen2.block_count", 1_000_000)],
  ["internvl3", "model", "very many heads", integer("qwen2.attention.head_count", 1_000_000)],
  ["internvl3", "model", "one token twice", repeated("tokenizer.ggml.tokens", 3)],
  ["llava-1.5", "model", "a negative epsilon", float("llama.attention.layer_norm_rms_epsilon", -1)],
  [
    "llava-1.5",
    "mmproj",
    "an epsilon that is no number",
    float("clip.vision.attention.layer_norm_epsilon", NaN),
  ],
  ["pixtral", "model", "norms of another type", type("blk.0.ffn_norm.weight", F16)],
  ["pixtral", "model", "weights of short integers", type("blk.1.ffn_down.weight", I16)],
  ["qwen3.5", "model", "a recurrence of another width", integer("qwen35.ssm.inner_size", 129)],
  ["qwen3.5", "model", "a rotation of nothing", integer("qwen35.rope.dimension_count", 65_535)],
  ["smolvlm", "mmproj", "weights that are no numbers", data("v.blk.0.attn_q.weight", 0xff), "ERR_INFERENCE"],
  ["smolvlm", "model", "logits that are no numbers", data("blk.1.ffn_down.weight", 0xff), "ERR_INFERENCE"],
];

describe("model files made to do harm", () => {
  let outcomes: (string | null)[];

  before(async () => {
    const folder = await mkdtemp(join(tmpdir(), "tonescore-hostile-"));
    const pairs = await Promise.all(
      mutants.map(async ([pair, role, , change], index) => {
        const files = filesNamed(pair);
        const file = join(folder, `${index}.gguf`);
        await writeFile(file, change(readLayout(files[role])));
        return { ...files, [role]: file };
      }),
    );
    outcomes = await outcomesOf(pairs);
    await rm(folder, { recursive: true });
  });

  for (const [index, [pair, role, what, , code = INVALID]] of mutants.entries()) {
    it(`are refused: ${pair}'s ${role} with ${what}`, () => {
      expect(outcomes[index]).to.equal(code);
    });
  }
});
