import { shown } from "../../util/shown.js";
import { invalid } from "../checkpoint/invalid.js";
import type { Settings } from "../checkpoint/settings.js";
import { rows } from "../tensors/rearrange.js";
import { addBytePairs } from "./addTokenizer.js";
import { addDecoder, addFeedForward, type Decoder, outerRules, readDecoder } from "./decoder.js";
import { type Encoder, encoderMetadata, readEncoder, readPictures } from "./encoder.js";
import type { Checkpoint, Family, ModelPlan, PlanOptions } from "./family.js";
import { fileTypes, generalMetadata } from "./general.js";
import { momentRule, qwenTextName, qwenVisionName } from "./qwen.js";
import { addLinear, applyRules, rule, type Rules, shortType } from "./rules.js";

const ARCHITECTURE = "qwen2vl";
/** Where the encoder looks at the whole picture, where config.json does not say it. */
const WHOLE_LOOKS = [7, 15, 23, 31];
/** Written, but never used: pictures keep their own sizes. */
const IMAGE_SIZE = 560;

function textRules(decoder: Decoder, tied: boolean): Rules {
  const { layers, width, heads, kvHeads, head } = decoder;
  const rules = outerRules(decoder, tied);
  for (let i = 0; i < layers; i++) {
    const [from, to] = [`model.layers.${i}`, `blk.${i}`];
    rules.set(`${from}.input_layernorm.weight`, rule([width], `${to}.attn_norm.weight`));
    rules.set(`${from}.post_attention_layernorm.weight`, rule([width], `${to}.ffn_norm.weight`));
    addLinear(rules, `${from}.self_attn.q_proj`, `${to}.attn_q`, [heads * head, width]);
    addLinear(rules, `${from}.self_attn.k_proj`, `${to}.attn_k`, [kvHeads * head, width]);
    addLinear(rules, `${from}.self_attn.v_proj`, `${to}.attn_v`, [kvHeads * head, width]);
    rules.set(`${from}.self_attn.o_proj.weight`, rule([width, heads * head], `${to}.attn_output.weight`));
    addFeedForward(rules, from, to, decoder);
  }
  return rules;
}

function visionRules({ layers, width, inner, patch, merged, output }: Encoder): Rules {
  const wide = width * merged;
  const rules: Rules = new Map([
    ["visual.patch_embed.proj.weight", momentRule(width, patch)],
    ["visual.merger.ln_q.weight", rule([width], "v.post_ln.weight")],
  ]);
  addLinear(rules, "visual.merger.mlp.0", "mm.0", [wide, wide]);
  addLinear(rules, "visual.merger.mlp.2", "mm.2", [output, wide]);
  for (let i = 0; i < layers; i++) {
    const [from, to] = [`visual.blocks.${i}`, `v.blk.${i}`];
    const thirds = (kind: string, columns: number, shape: readonly number[]): void => {
      const made = ["q", "k", "v"].map((letter, which) => ({
        name: `${to}.attn_${letter}.${kind}`,
        shape,
        select: rows(which * width, width, columns),
      }));
      rules.set(`${from}.attn.qkv.${kind}`, { shape: [3 * width, ...shape.slice(1)], made });
    };
    thirds("weight", width, [width, width]);
    thirds("bias", 1, [width]);
    addLinear(rules, `${from}.attn.proj`, `${to}.attn_out`, [width, width]);
    addLinear(rules, `${from}.mlp.gate_proj`, `${to}.ffn_gate`, [inner, width]);
    addLinear(rules, `${from}.mlp.up_proj`, `${to}.ffn_up`, [inner, width]);
    addLinear(rules, `${from}.mlp.down_proj`, `${to}.ffn_down`, [width, inner]);
    rules.set(`${from}.norm1.weight`, rule([width], `${to}.ln1.weight`));
    rules.set(`${from}.norm2.weight`, rule([width], `${to}.ln2.weight`));
  }
  return rules;
}

/** The encoder looks at windows, and at every so manieth layer at the whole: how many layers that takes. */
function lookEvery(vision: Settings, place: string): number {
  const looks = vision.numbers("fullatt_block_indexes", undefined, WHOLE_LOOKS);
  const every = (looks[0] ?? NaN) + 1;
  if (looks.every((look, index) => look === (index + 1) * every - 1) && every >= 1) return every;
  throw invalid(
    `in "${place}" the same distance between all of fullatt_block_indexes`,
    `it says ${shown(looks.join(", "))}`,
  );
}

async function plan(checkpoint: Checkpoint, options: PlanOptions): Promise<ModelPlan> {
  const { settings, tensors, folder } = checkpoint;
  const text = settings.part("text_config").over(settings);
  const vision = settings.part("vision_config");
  const decoder = readDecoder(text, { theta: 1e6 });
  const encoder = readEncoder(vision, decoder.width);
  const every = lookEvery(vision, folder.path);
  const weights = options.weights ?? shortType(tensors.values());
  const tied = settings.flag("tie_word_embeddings", text.flag("tie_word_embeddings", false));
  const texts = applyRules(tensors, textRules(decoder, tied), qwenTextName, weights, folder.path);
  const visions = applyRules(tensors, visionRules(encoder), qwenVisionName, "F16", folder.path);

  const said = generalMetadata(checkpoint, ARCHITECTURE, "model", texts).whole(
    "general.file_type",
    fileTypes[weights],
  );
  addDecoder(said, ARCHITECTURE, decoder, text.has("head_dim"));
  await addBytePairs(said, checkpoint, decoder.vocabulary);

  const seen = encoderMetadata(
    generalMetadata(checkpoint, "clip", "mmproj", visions),
    encoder,
    await readPictures(folder),
  )
    .whole("clip.vision.image_size", IMAGE_SIZE)
    .text("clip.projector_type", "qwen2.5vl_merger")
    .flag("clip.use_silu", true)
    .whole("clip.vision.n_wa_pattern", every)
    .number("clip.vision.attention.layer_norm_epsilon", settings.number("rms_norm_eps", 1e-6));
  return { text: { metadata: said, tensors: texts }, mmproj: { metadata: seen, tensors: visions } };
}

export const qwen25vl: Family = {
  name: "Qwen2.5-VL",
  architectures: ["Qwen2_5_VLForConditionalGeneration"],
  plan,
};
