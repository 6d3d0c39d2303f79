import { expect } from "chai";
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundledModel } from "../../src/models/bundled.js";
import { type GgufLayout, readLayout, splice } from "./ggufLayout.js";
import { addonModule } from "./addonModule.js";
import { filesOf } from "./support.js";

type Change = (layout: GgufLayout) => Buffer;

const filesNamed = (pair: string): { model: string; mmproj: string } =>
  pair === "bundled" ? bundledModel : filesOf(pair);

const changed = (layout: GgufLayout, change: (bytes: Buffer) => void): Buffer => {
  const bytes = Buffer.from(layout.bytes);
  change(bytes);
  return bytes;
};

function valueOf(layout: GgufLayout, key: string) {
  const value = layout.values.get(key);
  return value ?? expect.fail(`no ${key}`);
}

function tensorOf(layout: GgufLayout, name: string) {
  const tensor = layout.tensors.get(name);
  return tensor ?? expect.fail(`no ${name}`);
}

const integer =
  (key: string, value: number, place = 0): Change =>
  (layout) =>
    changed(layout, (bytes) => bytes.writeUInt32LE(value, valueOf(layout, key).places[place]?.start));

const float =
  (key: string, value: number): Change =>
  (layout) =>
    changed(layout, (bytes) => bytes.writeFloatLE(value, valueOf(layout, key).start));

/** The number becomes a text. */
const asText =
  (key: string): Change =>
  (layout) => {
    const { typeAt, end } = valueOf(layout, key);
    return splice(layout, typeAt, end, Buffer.from([8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0x31]));
  };

/** An element of a list of texts becomes the one before it. */
const repeated =
  (key: string, place: number): Change =>
  (layout) => {
    const { places } = valueOf(layout, key);
    const [before, own] = [places[place - 1], places[place]];
    return splice(layout, own?.start ?? 0, own?.end ?? 0, layout.bytes.subarray(before?.start, before?.end));
  };

const renamed =
  (name: string): Change =>
  (layout) =>
    changed(layout, (bytes) => bytes.write("x", tensorOf(layout, name).nameAt));

const type =
  (name: string, value: number): Change =>
  (layout) =>
    changed(layout, (bytes) => bytes.writeUInt32LE(value, tensorOf(layout, name).typeAt));

const shape =
  (name: string, ...dimensions: number[]): Change =>
  (layout) =>
    changed(layout, (bytes) => {
      for (const [i, length] of dimensions.entries()) {
        bytes.writeBigUInt64LE(BigInt(length), tensorOf(layout, name).dimensionsAt + 8 * i);
      }
    });

const data =
  (name: string, byte: number): Change =>
  (layout) => {
    const { offset, dimensions } = tensorOf(layout, name);
    const start = layout.dataAt + offset;
    return changed(layout, (bytes) => bytes.fill(byte, start, start + 2 * (dimensions[0] ?? 0)));
  };

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

/** Loads each pair of files, scores a picture, and prints what came of it. */
const script = `
  import { nativeAddon } from ${JSON.stringify(addonModule())};
  const addon = nativeAddon();
  const rgb = Uint8Array.from({ length: 90 * 70 * 3 }, (_, i) => (i * 2654435761) >>> 24);
  for (const files of JSON.parse(process.argv[1])) {
    try {
      const model = await addon.loadModel({ ...files, gpuLayers: 0 }, () => {});
      const session = await model.createSession({ threads: 1, maxContext: 0, imageMinTokens: -1, imageMaxTokens: -1 });
      const picture = await session.encode(rgb, 90, 70);
      const tokens = model.tokenize([{ text: "The quality is", special: true }], true);
      const { logits } = await session.score([picture], [{ tokens, targets: tokens }]);
      console.log([...logits[0]].every(Number.isFinite) ? "scored" : "not finite");
    } catch (error) {
      console.log(error.code ?? String(error));
    }
  }`;

/** What came of each pair, in one process; its signal where it was ended. */
async function outcomesOf(pairs: readonly { model: string; mmproj: string }[]): Promise<(string | null)[]> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script, JSON.stringify(pairs)], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    env: { ...process.env, NODE_OPTIONS: "", GGML_NO_BACKTRACE: "1" },
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => {
    child.on("close", (_, signal) => {
      resolve([...output.split("\n").filter((line) => line !== ""), ...(signal ? [signal] : [])]);
    });
  });
}

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
