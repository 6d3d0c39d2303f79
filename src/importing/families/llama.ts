import { interleaveHalves } from "../tensors/rearrange.js";
import { addFeedForward, type Decoder, outerRules } from "./decoder.js";
import { rule, type Rules } from "./rules.js";

export const ARCHITECTURE = "llama";

/** What transformers takes for a LLaMA of which config.json says nothing, and so do the checkpoints that leave it out. */
export const LLAMA = {
  ...{ width: 4096, inner: 11008, layers: 32, heads: 32, vocabulary: 32000 },
  ...{ context: 2048, epsilon: 1e-6, theta: 10000 },
};

/** A layer's norms, and what makes its keys and values. */
export function addKeysAndValues(
  rules: Rules,
  from: string,
  to: string,
  { width, kvHeads, head }: Decoder,
): void {
  const rows = kvHeads * head;
  const select = interleaveHalves(kvHeads, rows, width);
  rules.set(`${from}.input_layernorm.weight`, rule([width], `${to}.attn_norm.weight`));
  rules.set(`${from}.post_attention_layernorm.weight`, rule([width], `${to}.ffn_norm.weight`));
  rules.set(`${from}.self_attn.k_proj.weight`, rule([rows, width], `${to}.attn_k.weight`, { select }));
  rules.set(`${from}.self_attn.v_proj.weight`, rule([rows, width], `${to}.attn_v.weight`));
}

/** All of a language model. */
export function llamaRules(decoder: Decoder, tied: boolean): Rules {
  const { layers, width, heads, head } = decoder;
  const rules = outerRules(decoder, tied);
  for (let i = 0; i < layers; i++) {
    const [from, to] = [`model.layers.${i}`, `blk.${i}`];
    const rows = heads * head;
    const select = interleaveHalves(heads, rows, width);
    rules.set(`${from}.self_attn.q_proj.weight`, rule([rows, width], `${to}.attn_q.weight`, { select }));
    rules.set(`${from}.self_attn.o_proj.weight`, rule([width, rows], `${to}.attn_output.weight`));
    addKeysAndValues(rules, from, to, decoder);
    addFeedForward(rules, from, to, decoder);
  }
  return rules;
}
