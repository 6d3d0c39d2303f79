import { expect } from "chai";
import { cp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ModelPlan } from "../../src/importing/families/family.js";
import { openCheckpoint } from "../../src/importing/openCheckpoint.js";
import { change, checkpoints, copyOf, failure, safetensors } from "./support.js";

async function plan(path: string): Promise<ModelPlan> {
  const checkpoint = await openCheckpoint(path);
  return checkpoint.family.plan(checkpoint, {
    companion: () => Promise.resolve(join(checkpoints, "q-instruct", "vision_tower")),
  });
}

const refused = async (path: string): Promise<string> => {
  const { code, message } = await failure(plan(path));
  expect(code).to.equal("ERR_MODEL_INVALID");
  return message;
};

/** Says something else in config.json. */
const say = (path: string, part: string, values: object): Promise<void> =>
  change(join(path, "config.json"), (content) => {
    Object.assign(part === "" ? content : (content[part] as object), values);
  });

const valuesOf = ({ text }: ModelPlan): unknown =>
  [...text.metadata.entries].map(([key, entry]) => [key, entry.value]).sort();

describe("openCheckpoint", () => {
  it("refuses another family, with those that are known and what converts it", async () => {
    await using model = await copyOf("qwen2.5-vl");
    await say(model.path, "", { architectures: ["Gemma3ForConditionalGeneration"] });
    expect(await refused(model.path))
      .to.include("LLaVA-1.5, mPLUG-Owl2, Qwen2.5-VL, Qwen3.5")
      .and.to.include('"Gemma3ForConditionalGeneration"')
      .and.to.include("python convert_hf_to_gguf.py")
      .and.to.include("--mmproj");
    await say(model.path, "", { architectures: undefined });
    expect(await refused(model.path)).to.include("it says none");
  });

  it("refuses a folder without settings, or with other things in their place", async () => {
    await using model = await copyOf("qwen2.5-vl");
    const path = join(model.path, "config.json");
    for (const [content, says] of [
      ["[]", "it is no object"],
      ["{", "it is not JSON"],
      ["[".repeat(1000), "nested more than 64 deep"],
    ] as const) {
      await writeFile(path, content);
      expect(await refused(model.path)).to.include(says);
    }
    await rm(path);
    expect(await refused(model.path)).to.include("nothing is there");
  });

  const sizes: readonly (readonly [name: string, part: string, values: object, says: string])[] = [
    ["qwen2.5-vl", "text_config", { num_hidden_layers: 1e9 }, "from 1 to 512 for num_hidden_layers"],
    ["qwen2.5-vl", "text_config", { vocab_size: 2 ** 31 }, "for vocab_size"],
    ["qwen2.5-vl", "text_config", { hidden_size: "64" }, 'for hidden_size in "'],
    ["qwen2.5-vl", "text_config", { intermediate_size: 128 }, "that its config.json asks for"],
    ["qwen2.5-vl", "text_config", { num_hidden_layers: 1 }, "besides"],
    ["qwen2.5-vl", "text_config", { num_hidden_layers: 3 }, "is missing"],
    ["qwen2.5-vl", "text_config", { num_key_value_heads: 3 }, "for num_key_value_heads"],
    ["qwen2.5-vl", "text_config", { rope_parameters: { rope_type: "yarn" } }, "default, mrope or linear"],
    ["qwen2.5-vl", "vision_config", { fullatt_block_indexes: [0, 2] }, "the same distance between all"],
    ["qwen2.5-vl", "vision_config", { depth: 10 ** 7 }, "for depth"],
    ["qwen2.5-vl", "vision_config", { spatial_merge_size: 1000 }, "for spatial_merge_size"],
    ["qwen2.5-vl", "vision_config", { temporal_patch_size: 3 }, "2 for temporal_patch_size"],
    ["qwen3.5", "text_config", { layer_types: ["other"] }, "for layer_types"],
    ["qwen3.5", "text_config", { linear_num_value_heads: 3 }, "a multiple of 2"],
    ["qwen3.5", "vision_config", { deepstack_visual_indexes: [1] }, "an empty list for deepstack"],
    ["llava-1.5", "text_config", { model_type: "qwen2" }, "llama for model_type"],
    ["llava-1.5", "vision_config", { model_type: "pixtral" }, "clip_vision_model for model_type"],
    ["llava-1.5", "", { vision_feature_layer: -9 }, "that is looked at"],
    ["q-instruct", "", { mm_projector_type: "linear" }, "mlp2x_gelu for mm_projector_type"],
  ];
  for (const [name, part, values, says] of sizes)
    it(`refuses ${name} that says ${JSON.stringify(values)}`, async () => {
      await using model = await copyOf(name);
      await say(model.path, part, values);
      expect(await refused(model.path)).to.include(says);
    });

  it("refuses weights that are quantised already", async () => {
    await using model = await copyOf("qwen2.5-vl");
    const { tensors } = await openCheckpoint(model.path);
    const name = "model.embed_tokens.weight";
    const tensor = { ...tensors.get(name), type: "I8" };
    const checkpoint = {
      ...(await openCheckpoint(model.path)),
      tensors: new Map([...tensors, [name, tensor as never]]),
    };
    const { message } = await failure(checkpoint.family.plan(checkpoint, {}));
    expect(message).to.include(`"${name}"`).and.to.include("it is of I8").and.to.include("take the original");
  });

  it("refuses one tensor by two names", async () => {
    await using model = await copyOf("qwen2.5-vl");
    const header = {
      "language_model.lm_head.weight": { dtype: "F16", shape: [712, 64], data_offsets: [0, 91136] },
    };
    await writeFile(join(model.path, "model-3.safetensors"), safetensors(header, 91136));
    await rm(join(model.path, "model.safetensors.index.json"));
    expect(await refused(model.path)).to.include("is there by two names");
  });

  it("asks for the encoder that a checkpoint leaves out", async () => {
    const checkpoint = await openCheckpoint(join(checkpoints, "q-instruct"));
    const { message } = await failure(checkpoint.family.plan(checkpoint, {}));
    expect(message).to.include('"openai/clip-vit-large-patch14-336"').and.to.include("--encoder");
  });

  it("reads settings as older versions of transformers wrote them", async () => {
    await using model = await copyOf("qwen2.5-vl");
    const newer = valuesOf(await plan(model.path));
    await change(join(model.path, "config.json"), (content) => {
      const { rope_parameters: rope, ...text } = content.text_config as Record<string, unknown>;
      const { mrope_section, rope_theta } = rope as Record<string, unknown>;
      Object.assign(content, text, { model_type: "qwen2_5_vl" });
      Object.assign(content, { rope_theta, rope_scaling: { type: "mrope", mrope_section } });
      delete content.text_config;
    });
    expect(valuesOf(await plan(model.path))).to.deep.equal(newer);
  });

  it("takes what LLaMA is where LLaVA's settings leave it out", async () => {
    await using model = await copyOf("llava-1.5");
    await change(join(model.path, "config.json"), (content) => {
      content.text_config = { model_type: "llama", max_position_embeddings: 4096, vocab_size: 32064 };
    });
    expect(await refused(model.path)).to.include("[32064, 4096]");
  });

  describe("tokenizers", () => {
    const broken: readonly (readonly [
      name: string,
      file: string,
      edit: (content: Record<string, unknown>) => void,
      says: string,
    ])[] = [
      [
        "qwen2.5-vl",
        "tokenizer.json",
        (content) => {
          content.model = [];
        },
        "it is none of byte pairs",
      ],
      [
        "qwen2.5-vl",
        "tokenizer.json",
        (content) => {
          content.model = { type: "WordPiece", vocab: {} };
        },
        "it is none of byte pairs",
      ],
      [
        "qwen2.5-vl",
        "tokenizer.json",
        (content) => {
          content.pre_tokenizer = null;
        },
        "in a way that is not known",
      ],
      [
        "qwen2.5-vl",
        "tokenizer.json",
        (content) => {
          content.added_tokens = { id: 1 };
        },
        "added_tokens is no list",
      ],
      [
        "qwen2.5-vl",
        "tokenizer.json",
        (content) => {
          content.added_tokens = [{ id: -1, content: "x" }];
        },
        "no id or no text",
      ],
      [
        "qwen2.5-vl",
        "tokenizer.json",
        (content) => {
          content.added_tokens = [{ id: 9999, content: "x" }];
        },
        "beyond the model's 712 tokens",
      ],
      [
        "qwen2.5-vl",
        "tokenizer.json",
        (content) => {
          (content.model as Record<string, unknown>).merges = [["a"]];
        },
        "its merges are no list of pairs",
      ],
      [
        "qwen2.5-vl",
        "tokenizer.json",
        (content) => {
          (content.model as Record<string, unknown>).merges = "a b";
        },
        "its merges are no list of pairs",
      ],
      [
        "qwen2.5-vl",
        "tokenizer_config.json",
        (content) => {
          content.added_tokens_decoder = { x: {} };
        },
        "no id or no text",
      ],
      [
        "qwen2.5-vl",
        "preprocessor_config.json",
        (content) => {
          content.image_mean = [1];
        },
        "3 numbers for image_mean",
      ],
    ];
    for (const [name, file, edit, says] of broken)
      it(`refuses ${file} where ${says}`, async () => {
        await using model = await copyOf(name);
        await change(join(model.path, file), edit);
        expect(await refused(model.path))
          .to.include(file)
          .and.to.include(says);
      });

    it("never runs an expression of the checkpoint", async () => {
      await using model = await copyOf("qwen2.5-vl");
      await change(join(model.path, "tokenizer.json"), (content) => {
        const split = { type: "Split", pattern: { Regex: "(a+)+$" }, behavior: "Isolated" };
        content.pre_tokenizer = { type: "Sequence", pretokenizers: [split, { type: "ByteLevel" }] };
      });
      expect(await refused(model.path)).to.include('"(a+)+$"');
    });

    it("refuses a tokenizer.model that is none, or is not there", async () => {
      await using model = await copyOf("llava-1.5");
      const path = join(model.path, "tokenizer.model");
      for (const [bytes, says] of [
        [Buffer.from("no message"), "it is damaged"],
        [Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]), "it is damaged"],
        [Buffer.alloc(0), "it has no pieces"],
      ] as const) {
        await writeFile(path, bytes);
        expect(await refused(model.path)).to.include(says);
      }
      await rm(path);
      expect(await refused(model.path))
        .to.include("tokenizer.model")
        .and.to.include("nothing is there");
    });

    it("takes the chat template from any of the places where it may be", async () => {
      await using model = await copyOf("qwen2.5-vl");
      const template = async (): Promise<unknown> =>
        (await plan(model.path)).text.metadata.entries.get("tokenizer.chat_template")?.value;
      const own = await template();
      await rename(join(model.path, "chat_template.jinja"), join(model.path, "aside"));
      expect(await template()).to.equal(undefined);
      await writeFile(join(model.path, "chat_template.json"), JSON.stringify({ chat_template: own }));
      expect(await template()).to.equal(own);
      await change(join(model.path, "tokenizer_config.json"), (content) => {
        content.chat_template = [
          { name: "tools", template: "x" },
          { name: "default", template: "y" },
        ];
      });
      expect(await template()).to.equal("y");
    });
  });

  it("reads the licence where the card says it in a word", async () => {
    await using model = await copyOf("qwen2.5-vl");
    const licence = async (text: string): Promise<string | undefined> => {
      await writeFile(join(model.path, "README.md"), text);
      return (await openCheckpoint(model.path)).card.licence;
    };
    expect(await licence("---\nlicense: mit\n---\n")).to.equal("mit");
    expect(await licence('---\r\ntags:\r\n- a\r\nlicense: "cc-by-4.0"\r\n---\r\ntext')).to.equal("cc-by-4.0");
    expect(await licence("# license: mit\n")).to.equal(undefined);
    expect(await licence("---\nlicense: [a, b]\n---\n")).to.equal(undefined);
    await rm(join(model.path, "README.md"));
    expect((await openCheckpoint(model.path)).card.licence).to.equal(undefined);
    await cp(join(checkpoints, "qwen2.5-vl", "README.md"), join(model.path, "README.md"));
  });
});
