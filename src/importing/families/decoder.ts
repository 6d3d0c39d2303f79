import type { Settings } from "../checkpoint/settings.js";
import { Metadata } from "../gguf/metadata.js";
import { type Rule, rule, type Rules } from "./rules.js";

/** A language model's sizes. */
export interface Decoder {
  readonly layers: number;
  readonly width: number;
  readonly inner: number;
  readonly heads: number;
  readonly kvHeads: number;
  /** Width of a head. */
  readonly head: number;
  readonly vocabulary: number;
  readonly context: number;
  readonly epsilon: number;
  readonly theta: number;
  /** Positions are divided by it. */
  readonly ropeFactor?: number;
  /** How the rotation is shared among time, height and width; absent for text alone. */
  readonly sections?: readonly number[];
}

const MOST_LAYERS = 512;

/** What is known of a family where its config.json says nothing. */
export type Defaults = Partial<Decoder>;

/** @throws {TonescoreError} `ERR_MODEL_INVALID` */
export function readDecoder(text: Settings, known: Defaults = {}): Decoder {
  const width = text.size("hidden_size", known.width);
  const heads = text.size("num_attention_heads", known.heads, width);
  const kvHeads = text.size("num_key_value_heads", heads, heads);
  const head = text.size("head_dim", known.head ?? Math.floor(width / heads), width);
  if (heads % kvHeads !== 0) text.refuse("num_key_value_heads", `a part of ${heads} heads`);
  if (head % 2 !== 0) text.refuse("head_dim", "an even number");
  return {
    layers: text.size("num_hidden_layers", known.layers, MOST_LAYERS),
    width,
    inner: text.size("intermediate_size", known.inner),
    heads,
    kvHeads,
    head,
    vocabulary: text.size("vocab_size", known.vocabulary, 1 << 20),
    context: text.size("max_position_embeddings", known.context, 1 << 30),
    epsilon: text.number("rms_norm_eps", known.epsilon),
    ...readRope(text, known.theta ?? 10000),
  };
}

/** Newer checkpoints have all of it in one place. */
export const ropeOf = (text: Settings): Settings =>
  text.part("rope_parameters").over(text.part("rope_scaling"));

function readRope(text: Settings, known: number): Pick<Decoder, "theta" | "ropeFactor" | "sections"> {
  const rope = ropeOf(text);
  const type = rope.text("rope_type", rope.text("type", "default"));
  if (!["default", "mrope", "linear"].includes(type)) rope.refuse("rope_type", "default, mrope or linear");
  return {
    theta: rope.number("rope_theta", text.number("rope_theta", known)),
    ...(type === "linear" && { ropeFactor: rope.number("factor") }),
    ...(rope.has("mrope_section") && { sections: [...rope.numbers("mrope_section", 3), 0] }),
  };
}

/** What llama.cpp asks of any language model, under the name of its architecture. */
export function addDecoder(metadata: Metadata, name: string, decoder: Decoder, headSaid: boolean): void {
  metadata
    .whole(`${name}.block_count`, decoder.layers)
    .whole(`${name}.context_length`, decoder.context)
    .whole(`${name}.embedding_length`, decoder.width)
    .whole(`${name}.feed_forward_length`, decoder.inner)
    .whole(`${name}.attention.head_count`, decoder.heads)
    .whole(`${name}.attention.head_count_kv`, decoder.kvHeads)
    .number(`${name}.rope.freq_base`, decoder.theta)
    .number(`${name}.attention.layer_norm_rms_epsilon`, decoder.epsilon);
  if (decoder.ropeFactor !== undefined) {
    metadata
      .text(`${name}.rope.scaling.type`, "linear")
      .number(`${name}.rope.scaling.factor`, decoder.ropeFactor);
  }
  if (decoder.sections) metadata.wholes(`${name}.rope.dimension_sections`, decoder.sections);
  if (headSaid) {
    metadata
      .whole(`${name}.attention.key_length`, decoder.head)
      .whole(`${name}.attention.value_length`, decoder.head);
  }
}

type Map_ = (value: number) => number;

/** What stands before and after the layers. @param norm what is done to a norm's weights. */
export function outerRules({ width, vocabulary }: Decoder, tied: boolean, norm?: Map_): Rules {
  const head: Rule = { ...rule([vocabulary, width], "output.weight"), optional: tied };
  return new Map([
    ["model.embed_tokens.weight", rule([vocabulary, width], "token_embd.weight")],
    ["model.norm.weight", rule([width], "output_norm.weight", norm ? { map: norm } : {})],
    ["lm_head.weight", head],
  ]);
}

/** A layer's feed-forward network. */
export function addFeedForward(rules: Rules, from: string, to: string, { width, inner }: Decoder): void {
  rules.set(`${from}.mlp.gate_proj.weight`, rule([inner, width], `${to}.ffn_gate.weight`));
  rules.set(`${from}.mlp.up_proj.weight`, rule([inner, width], `${to}.ffn_up.weight`));
  rules.set(`${from}.mlp.down_proj.weight`, rule([width, inner], `${to}.ffn_down.weight`));
}
