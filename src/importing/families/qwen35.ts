import type { Settings } from "../checkpoint/settings.js";
import type { Metadata } from "../gguf/metadata.js";
import { type Selection, swapColumns, swapRows } from "../tensors/rearrange.js";
import { addBytePairs } from "./addTokenizer.js";
import { addDecoder, addFeedForward, type Decoder, outerRules, readDecoder, ropeOf } from "./decoder.js";
import { type Encoder, encoderMetadata, readEncoder, readPictures } from "./encoder.js";
import type { Checkpoint, Family, ModelPlan, PlanOptions } from "./family.js";
import { fileTypes, generalMetadata } from "./general.js";
import { momentRule, qwenTextName, qwenVisionName } from "./qwen.js";
import { addLinear, addNorm, applyRules, rule, type Rules, shortType } from "./rules.js";

const ARCHITECTURE = "qwen35";
/** How time, height and width share the rotation, where config.json does not say it. */
const SECTIONS = [11, 11, 10, 0];
const MOST_HEADS = 4096;

/** Sizes of the gated delta nets that stand between the layers of attention. */
interface Recurrence {
  readonly keyHeads: number;
  readonly valueHeads: number;
  readonly keyHead: number;
  readonly valueHead: number;
  readonly kernel: number;
  /** Of each layer, whether it is one. */
  readonly layers: readonly boolean[];
  /** Every so manieth layer has attention. */
  readonly interval: number;
}

function readRecurrence(text: Settings, layers: number): Recurrence {
  const keyHeads = text.size("linear_num_key_heads", 16, MOST_HEADS);
  const valueHeads = text.size("linear_num_value_heads", 32, MOST_HEADS);
  if (valueHeads % keyHeads !== 0) text.refuse("linear_num_value_heads", `a multiple of ${keyHeads}`);
  const interval = text.size("full_attention_interval", 4, layers + 4);
  const usual = Array.from({ length: layers }, (_, i) =>
    (i + 1) % interval === 0 ? "full_attention" : "linear_attention",
  );
  const kinds = text.texts("layer_types", usual);
  if (
    kinds.length !== layers ||
    !kinds.every((kind) => ["linear_attention", "full_attention"].includes(kind))
  ) {
    text.refuse("layer_types", `linear_attention or full_attention ${layers} times`);
  }
  return {
    keyHeads,
    valueHeads,
    keyHead: text.size("linear_key_head_dim", 128, MOST_HEADS),
    valueHead: text.size("linear_value_head_dim", 128, MOST_HEADS),
    kernel: text.size("linear_conv_kernel_dim", 4, 256),
    layers: kinds.map((kind) => kind === "linear_attention"),
    interval,
  };
}

/** Its norms are stored as what they differ from 1 by. */
const aboveOne = (value: number): number => value + 1;
/** Decay is stored as a logarithm. */
const decay = (value: number): number => -Math.exp(value);

function addAttention(
  rules: Rules,
  from: string,
  to: string,
  { width, heads, kvHeads, head }: Decoder,
): void {
  const put = (name: string, shape: readonly number[], made: string): void => {
    rules.set(`${from}.self_attn.${name}.weight`, rule(shape, `${to}.${made}.weight`));
  };
  put("q_proj", [2 * heads * head, width], "attn_q"); // each head's query, and its gate
  put("k_proj", [kvHeads * head, width], "attn_k");
  put("v_proj", [kvHeads * head, width], "attn_v");
  put("o_proj", [width, heads * head], "attn_output");
  for (const letter of ["q", "k"]) {
    const made = rule([head], `${to}.attn_${letter}_norm.weight`, { map: aboveOne });
    rules.set(`${from}.self_attn.${letter}_norm.weight`, made);
  }
}

/** Values' heads that share a key stand together; ggml repeats the keys in turn, so the heads are put in that order. */
function addRecurrence(rules: Rules, from: string, to: string, width: number, sizes: Recurrence): void {
  const { keyHeads, valueHeads, keyHead, valueHead, kernel } = sizes;
  const each = valueHeads / keyHeads;
  const keys = 2 * keyHeads * keyHead;
  const values = valueHeads * valueHead;
  const inTurn = (size: number, columns: number, before = 0): { select?: Selection } =>
    each === 1 ? {} : { select: swapRows([keyHeads, each, size], columns, { before }) };
  const put = (
    name: string,
    shape: readonly number[],
    made: string,
    more: Parameters<typeof rule>[2],
  ): void => {
    rules.set(`${from}.linear_attn.${name}`, rule(shape, `${to}.${made}`, more));
  };
  put("in_proj_qkv.weight", [keys + values, width], "attn_qkv.weight", inTurn(valueHead, width, keys));
  put("in_proj_z.weight", [values, width], "attn_gate.weight", inTurn(valueHead, width));
  put("in_proj_a.weight", [valueHeads, width], "ssm_alpha.weight", inTurn(1, width));
  put("in_proj_b.weight", [valueHeads, width], "ssm_beta.weight", inTurn(1, width));
  put("A_log", [valueHeads], "ssm_a", { ...inTurn(1, 1), map: decay });
  put("dt_bias", [valueHeads], "ssm_dt.bias", inTurn(1, 1));
  put("conv1d.weight", [keys + values, 1, kernel], "ssm_conv1d.weight", {
    ...inTurn(valueHead, kernel, keys),
    shape: [keys + values, kernel],
    type: "F32",
  });
  put("norm.weight", [valueHead], "ssm_norm.weight", {});
  const columns = each === 1 ? {} : { select: swapColumns([keyHeads, each, valueHead], width) };
  put("out_proj.weight", [width, values], "ssm_out.weight", columns);
}

function textRules(decoder: Decoder, recurrence: Recurrence, tied: boolean): Rules {
  const { width } = decoder;
  const rules = outerRules(decoder, tied, aboveOne);
  for (const [i, recurrent] of recurrence.layers.entries()) {
    const [from, to] = [`model.layers.${i}`, `blk.${i}`];
    const norm = (name: string, made: string): void => {
      rules.set(`${from}.${name}.weight`, rule([width], `${to}.${made}.weight`, { map: aboveOne }));
    };
    norm("input_layernorm", "attn_norm");
    norm("post_attention_layernorm", "post_attention_norm");
    addFeedForward(rules, from, to, decoder);
    if (recurrent) addRecurrence(rules, from, to, width, recurrence);
    else addAttention(rules, from, to, decoder);
  }
  return rules;
}

function visionRules({ layers, width, inner, patch, merged, output }: Encoder, positions: number): Rules {
  const wide = width * merged;
  const rules: Rules = new Map([
    ["visual.patch_embed.proj.weight", momentRule(width, patch)],
    ["visual.patch_embed.proj.bias", rule([width], "v.patch_embd.bias")],
    ["visual.pos_embed.weight", rule([positions, width], "v.position_embd.weight", { type: "F32" })],
  ]);
  addNorm(rules, "visual.merger.norm", "v.post_ln", width);
  addLinear(rules, "visual.merger.linear_fc1", "mm.0", [wide, wide]);
  addLinear(rules, "visual.merger.linear_fc2", "mm.2", [output, wide]);
  for (let i = 0; i < layers; i++) {
    const [from, to] = [`visual.blocks.${i}`, `v.blk.${i}`];
    addLinear(rules, `${from}.attn.qkv`, `${to}.attn_qkv`, [3 * width, width]);
    addLinear(rules, `${from}.attn.proj`, `${to}.attn_out`, [width, width]);
    addLinear(rules, `${from}.mlp.linear_fc1`, `${to}.ffn_up`, [inner, width]);
    addLinear(rules, `${from}.mlp.linear_fc2`, `${to}.ffn_down`, [width, inner]);
    addNorm(rules, `${from}.norm1`, `${to}.ln1`, width);
    addNorm(rules, `${from}.norm2`, `${to}.ln2`, width);
  }
  return rules;
}

function addRecurrenceFacts(metadata: Metadata, sizes: Recurrence, rotated: number): void {
  metadata
    .whole(`${ARCHITECTURE}.ssm.conv_kernel`, sizes.kernel)
    .whole(`${ARCHITECTURE}.ssm.state_size`, sizes.keyHead)
    .whole(`${ARCHITECTURE}.ssm.group_count`, sizes.keyHeads)
    .whole(`${ARCHITECTURE}.ssm.time_step_rank`, sizes.valueHeads)
    .whole(`${ARCHITECTURE}.ssm.inner_size`, sizes.valueHeads * sizes.valueHead)
    .flags(`${ARCHITECTURE}.attention.recurrent_layers`, sizes.layers)
    .whole(`${ARCHITECTURE}.full_attention_interval`, sizes.interval)
    .whole(`${ARCHITECTURE}.rope.dimension_count`, rotated);
}

async function plan(checkpoint: Checkpoint, options: PlanOptions): Promise<ModelPlan> {
  const { settings, tensors, folder } = checkpoint;
  const text = settings.part("text_config").over(settings);
  const vision = settings.part("vision_config");
  const decoder = { sections: SECTIONS, ...readDecoder(text, { head: 256, epsilon: 1e-6 }) };
  const recurrence = readRecurrence(text, decoder.layers);
  const encoder = readEncoder(vision, decoder.width);
  const positions = vision.size("num_position_embeddings", 2304);
  if (vision.numbers("deepstack_visual_indexes", undefined, []).length > 0) {
    vision.refuse("deepstack_visual_indexes", "an empty list");
  }
  const share = ropeOf(text).number("partial_rotary_factor", text.number("partial_rotary_factor", 0.25));
  const weights = options.weights ?? shortType(tensors.values());
  const tied = settings.flag("tie_word_embeddings", text.flag("tie_word_embeddings", false));
  const texts = applyRules(tensors, textRules(decoder, recurrence, tied), qwenTextName, weights, folder.path);
  const visions = applyRules(tensors, visionRules(encoder, positions), qwenVisionName, "F16", folder.path);

  const said = generalMetadata(checkpoint, ARCHITECTURE, "model", texts).whole(
    "general.file_type",
    fileTypes[weights],
  );
  addDecoder(said, ARCHITECTURE, decoder, true);
  addRecurrenceFacts(said, recurrence, Math.trunc(decoder.head * share));
  await addBytePairs(said, checkpoint, decoder.vocabulary);

  const seen = encoderMetadata(
    generalMetadata(checkpoint, "clip", "mmproj", visions),
    encoder,
    await readPictures(folder),
  )
    .whole("clip.vision.image_size", Math.trunc(Math.sqrt(positions) * encoder.patch))
    .text("clip.projector_type", "qwen3vl_merger")
    .flag("clip.use_gelu", true)
    .whole("clip.vision.spatial_merge_size", Math.sqrt(encoder.merged))
    .number(
      "clip.vision.attention.layer_norm_epsilon",
      settings.part("text_config").number("rms_norm_eps", 1e-6),
    )
    .flags("clip.vision.is_deepstack_layers", new Array<boolean>(encoder.layers).fill(false));
  return { text: { metadata: said, tensors: texts }, mmproj: { metadata: seen, tensors: visions } };
}

/** Q-ReAlign's. Layers that draft several tokens at once are left out: one answer is read, and nothing is drafted. */
export const qwen35: Family = {
  name: "Qwen3.5",
  architectures: ["Qwen3_5ForConditionalGeneration"],
  plan,
};
