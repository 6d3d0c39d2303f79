import { expect } from "chai";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ModelPlan } from "../../../src/importing/families/family.js";
import { writeGguf } from "../../../src/importing/gguf/writeGguf.js";
import { importModel } from "../../../src/importing/importModel.js";
import { openCheckpoint } from "../../../src/importing/openCheckpoint.js";
import { matchTypes } from "../../../src/importing/quantise/quantise.js";
import { change, failure, temporary } from "../support.js";
import { numbersOf, readTensors, types } from "./ggufNumbers.js";
import { type CheckpointOptions, writeCheckpoint } from "../../reference/mplug-owl2/checkpoint.js";
import { makeWeights, shape, type Weights, writeWeights } from "./owl2Checkpoint.js";
import { expected } from "./owl2Expected.js";

describe("mPLUG-Owl2's checkpoints", () => {
  let home: Awaited<ReturnType<typeof temporary>>;
  let folder: string;
  beforeEach(async () => {
    home = await temporary();
    folder = join(home.path, "owl");
  });
  afterEach(() => home[Symbol.asyncDispose]());

  const plan = async (weights?: "F16" | "BF16"): Promise<ModelPlan> => {
    const checkpoint = await openCheckpoint(folder);
    expect(checkpoint.family.name).to.equal("mPLUG-Owl2");
    return checkpoint.family.plan(checkpoint, weights === undefined ? {} : { weights });
  };
  const refused = async (): Promise<string> => {
    const { code, message } = await failure(plan());
    expect(code).to.equal("ERR_MODEL_INVALID");
    return message;
  };

  /** How far the positions are off that 16 bits hold; those of 32 bits are as near as sines are computed. */
  const roundings = { f32: 1e-6, f16: 2 ** -11, bf16: 2 ** -8 };
  const cases: readonly (readonly [CheckpointOptions, asked: "F16" | "BF16" | undefined])[] = [
    [{ type: "f32", format: "safetensors", positions: true }, undefined],
    [{ type: "f32", format: "bin", positions: false }, "BF16"],
    [{ type: "f16", format: "bin", positions: true }, undefined],
    [{ type: "f16", format: "safetensors", positions: false, shards: 1 }, "F16"],
    [{ type: "bf16", format: "bin", positions: true, shards: 1 }, undefined],
    [{ type: "bf16", format: "safetensors", positions: false, shards: 3 }, "F16"],
  ];
  for (const [how, asked] of cases) {
    const { type = "f16", positions = false } = how;
    it(`become a pair that holds every number: ${JSON.stringify(how)}, as ${asked ?? "they are"}`, async () => {
      await writeCheckpoint(folder, { ...how, shape });
      const made = await plan(asked);
      const hold = expected(makeWeights());
      const short = types[asked ?? (type === "bf16" ? "BF16" : "F16")];
      for (const file of ["text", "mmproj"] as const) {
        const path = join(home.path, `${file}.gguf`);
        await writeGguf(made[file], path);
        const tensors = readTensors(path);
        expect([...tensors.keys()]).to.have.members([...hold[file].keys()]);
        for (const [name, tensor] of tensors) {
          const [numbers, wanted] = [numbersOf(tensor), hold[file].get(name) ?? new Float32Array()];
          expect(numbers.length, name).to.equal(wanted.length);
          const off = numbers.map((number, i) => Math.abs(number - (wanted[i] ?? NaN)));
          const most = name === "mm.abstractor.position" ? roundings[positions ? type : "f32"] : 0;
          expect(
            off.reduce((a, b) => Math.max(a, b), 0),
            name,
          ).to.be.at.most(most);
          const matrix = tensor.dimensions.length > 1 && name.endsWith(".weight");
          const mine = matrix && name !== "v.position_embd.weight";
          const encoder = file === "mmproj" && !name.startsWith("visual.");
          expect(tensor.type, name).to.equal(mine ? (encoder ? types.F16 : short) : types.F32);
        }
      }
    });
  }

  it("say what they are", async () => {
    await writeCheckpoint(folder, { type: "bf16", shape });
    const { text, mmproj } = await plan();
    const said = (key: string): unknown =>
      (mmproj.metadata.entries.get(key) ?? text.metadata.entries.get(key))?.value;
    expect(text.metadata.entries.get("general.architecture")?.value).to.equal("llama");
    expect(said("llama.attention.head_count_kv")).to.equal(4);
    expect(said("llama.rope.dimension_count")).to.equal(16);
    expect(said("tokenizer.ggml.model")).to.equal("llama");
    expect(said("clip.projector_type")).to.equal("mplug_owl2");
    expect(said("clip.vision.image_size")).to.equal(28);
    expect(said("clip.vision.projection_dim")).to.equal(64);
    expect(said("clip.vision.abstractor.head_count")).to.equal(2);
    expect(said("clip.use_gelu")).to.equal(false);
    expect(said("clip.vision.attention.layer_norm_epsilon")).to.equal(1e-6);
  });

  it("are quantised in both files alike", async () => {
    const weights = makeWeights();
    await writeWeights(folder, weights, "bf16");
    // The same with the weights for text and for pictures in each other's place.
    const other = new Map(
      [...weights].map(([name, tensor]) => [
        name.replace(/multiway\.(\d)/, (_, way) => `multiway.${1 - Number(way)}`),
        tensor,
      ]),
    );
    await writeWeights(join(home.path, "other"), other, "bf16");
    for (const [quantisation, type] of [
      ["Q8_0", types.Q8_0],
      ["Q4_0", types.Q4_0],
      ["Q4_K_M", types.Q5_0], // rows of 64 do not divide into its blocks
      ["BF16", types.BF16],
    ] as const) {
      const files = await Promise.all(
        ["owl", "other"].map(async (name) => {
          const target = join(home.path, `${name}-${quantisation}`);
          const check = (): Promise<void> => Promise.resolve();
          const made = await importModel({ folder: join(home.path, name), target, quantisation, check });
          expect(made.mmproj.file).to.equal(`mmproj-${name}-${quantisation}.gguf`);
          expect(made.template).to.equal("mplug-owl2");
          return [made.model.file, made.mmproj.file].map((file) => readTensors(join(target, file)));
        }),
      );
      const [[text, mmproj] = [], [otherText, otherMmproj] = []] = files;
      for (const [name, tensor] of mmproj ?? []) {
        const isVisual = name.startsWith("visual.");
        const own = name.replace("visual.", "");
        expect((isVisual ? otherText : otherMmproj)?.get(own), name).to.deep.equal(tensor);
        if (isVisual) expect(otherMmproj?.get(name), name).to.deep.equal(text?.get(own));
      }
      expect([...(mmproj ?? [])].filter(([name]) => name.startsWith("visual."))).to.have.length(8);
      expect(text?.get("blk.0.attn_k.weight")?.type).to.equal(type);
    }
  });

  it("are refused with what is wrong with them", async () => {
    const weights = makeWeights();
    const position = "model.visual_abstractor.encoder.layers.1.crossattention.attention.k_pos_embed";
    const spoil = async (edit: (all: Weights) => void): Promise<string> => {
      const all: Weights = new Map(weights);
      edit(all);
      await rm(folder, { recursive: true, force: true });
      await writeWeights(folder, all, "f16");
      return refused();
    };
    const own = { shape: [5, 32], values: new Float32Array(5 * 32).fill(0.5) };
    expect(await spoil((all) => all.set(position, own)))
      .to.include("the same k_pos_embed in all layers")
      .and.to.include("the layer 1 has one of its own");
    expect(await spoil((all) => all.delete(position))).to.include("the layer 1 has none");
    const visual = "model.layers.0.self_attn.k_proj.multiway.1.weight";
    expect(await spoil((all) => all.delete(visual)))
      .to.include("k_proj")
      .and.to.include("is missing");
    const fused = "model.vision_model.encoder.layers.1.self_attn.query_key_value.bias";
    expect(await spoil((all) => all.set(fused, { shape: [95], values: new Float32Array(95) }))).to.include(
      "to have the shape [96]",
    );
    expect(
      await spoil((all) =>
        all.set("model.vision_model.head.weight", { shape: [1], values: new Float32Array(1) }),
      ),
    ).to.include('there is "model.vision_model.head.weight" besides');
  });

  const settings: readonly (readonly [part: string, values: object, says: string])[] = [
    ["", { hidden_act: "gelu" }, "silu for hidden_act"],
    ["visual_model", { hidden_act: "gelu" }, "quick_gelu for hidden_act"],
    ["visual_model", { image_size: 30 }, "a multiple of 14 for image_size"],
    ["visual_model", { num_attention_heads: 3 }, "a divisor of 32"],
    ["visual_model", { num_hidden_layers: 3 }, "is missing"],
    ["visual_abstractor", { hidden_size: 48 }, "the encoder's 32 for hidden_size"],
    ["visual_abstractor", { grid_size: 3 }, "the encoder's 2 for grid_size"],
    ["visual_abstractor", { layer_norm_eps: 1e-5 }, "the encoder's 0.000001 for layer_norm_eps"],
    ["visual_abstractor", { num_learnable_queries: 4 }, "to have the shape [1, 4, 32]"],
  ];
  for (const [part, values, says] of settings) {
    it(`are refused where config.json says ${JSON.stringify(values)} ${part && `of ${part}`}`, async () => {
      await writeCheckpoint(folder, { shape });
      await change(join(folder, "config.json"), (content) => {
        const visual = content.visual_config as Record<string, object>;
        Object.assign(part === "" ? content : (visual[part] ?? {}), values);
      });
      expect(await refused()).to.include(says);
    });
  }

  it("are refused where a part of them is missing", async () => {
    await writeCheckpoint(folder, { shape });
    const part = "pytorch_model-00002-of-00002.bin";
    await rm(join(folder, part));
    expect((await failure(openCheckpoint(folder))).message)
      .to.include(part)
      .and.to.include("is missing");
  });

  it("give no mmproj to another language model's types", async () => {
    await writeCheckpoint(folder, { shape });
    const { mmproj } = await plan();
    const input = join(home.path, "mmproj.gguf");
    await writeGguf(mmproj, input);
    const like = fileURLToPath(new URL("../../../models/tonescore-3.gguf", import.meta.url));
    const output = join(home.path, "out.gguf");
    const wrong = await failure(matchTypes({ input, like, prefix: "visual.", output }));
    expect(wrong.code).to.equal("ERR_MODEL_INVALID");
    expect(wrong.message).to.include("visual.blk.0").and.to.include("another language model");
    const nowhere = matchTypes({ input, like: input, prefix: "visual.", output });
    expect((await failure(nowhere)).code).to.equal("ERR_MODEL_INVALID");
    const unwritten = matchTypes({ input, like, prefix: "none.", output: join(home.path, "no", "x.gguf") });
    expect((await failure(unwritten)).code).to.equal("ERR_OUTPUT");
  });
});
