import { shape, type Source, type Weights } from "./owl2Checkpoint.js";

type Numbers = Map<string, Float32Array>;

/** The rows of a tensor in another order, of each new row the old one. */
function rowsOf({ shape, values }: Source, count: number, from: (row: number) => number): Float32Array {
  const width = shape.length > 1 ? (shape[1] ?? 0) : 1;
  return Float32Array.from({ length: count * width }, (_, i) => {
    const row = Math.floor(i / width);
    return values[from(row) * width + (i % width)] ?? NaN;
  });
}

/** In each head the first number of the first half, that of the second, the second of the first, … */
function rotated(source: Source, head: number): Float32Array {
  return rowsOf(source, source.shape[0] ?? 0, (row) => {
    const [start, inside] = [Math.floor(row / head) * head, row % head];
    return start + (inside % 2) * (head / 2) + Math.floor(inside / 2);
  });
}

/**
 * What each tensor of the pair is to hold, by its name, said once more and in another way than in src/.
 * @param weights with positions
 */
export function expected(weights: Weights): { text: Numbers; mmproj: Numbers } {
  const { layers, width, heads, vision, abstractor } = shape;
  const head = width / heads;
  const take = (name: string): Source => {
    const found = weights.get(name);
    if (!found) throw new Error(`the test has no ${name}`);
    return found;
  };
  const plain = (name: string): Float32Array => take(name).values;
  const both = (to: Numbers, name: string, from: string): void => {
    for (const part of ["weight", "bias"]) to.set(`${name}.${part}`, plain(`${from}.${part}`));
  };
  const text: Numbers = new Map([
    ["token_embd.weight", plain("model.embed_tokens.weight")],
    ["output_norm.weight", plain("model.norm.weight")],
    ["output.weight", plain("lm_head.weight")],
  ]);
  const mmproj: Numbers = new Map();
  for (let i = 0; i < layers; i++) {
    const from = `model.layers.${i}`;
    for (const [way, to, prefix] of [
      [0, text, ""],
      [1, mmproj, "visual."],
    ] as const) {
      const name = `${prefix}blk.${i}`;
      to.set(`${name}.attn_norm.weight`, plain(`${from}.input_layernorm.multiway.${way}.weight`));
      to.set(`${name}.ffn_norm.weight`, plain(`${from}.post_attention_layernorm.multiway.${way}.weight`));
      to.set(`${name}.attn_k.weight`, rotated(take(`${from}.self_attn.k_proj.multiway.${way}.weight`), head));
      to.set(`${name}.attn_v.weight`, plain(`${from}.self_attn.v_proj.multiway.${way}.weight`));
    }
    text.set(`blk.${i}.attn_q.weight`, rotated(take(`${from}.self_attn.q_proj.weight`), head));
    text.set(`blk.${i}.attn_output.weight`, plain(`${from}.self_attn.o_proj.weight`));
    for (const name of ["gate", "up", "down"])
      text.set(`blk.${i}.ffn_${name}.weight`, plain(`${from}.mlp.${name}_proj.weight`));
  }
  const seen = "model.vision_model";
  mmproj.set("v.class_embd", plain(`${seen}.embeddings.cls_token`));
  mmproj.set("v.patch_embd.weight", plain(`${seen}.embeddings.patch_embed.weight`));
  mmproj.set("v.position_embd.weight", plain(`${seen}.embeddings.position_embedding`));
  both(mmproj, "v.pre_ln", `${seen}.embeddings.pre_layernorm`);
  both(mmproj, "v.post_ln", `${seen}.post_layernorm`);
  for (let i = 0; i < vision.layers; i++) {
    const [from, to] = [`${seen}.encoder.layers.${i}`, `v.blk.${i}`];
    const size = vision.width / vision.heads;
    for (const [which, letter] of ["q", "k", "v"].entries())
      for (const part of ["weight", "bias"]) {
        const fused = take(`${from}.self_attn.query_key_value.${part}`);
        const third = rowsOf(
          fused,
          vision.width,
          (row) => Math.floor(row / size) * 3 * size + which * size + (row % size),
        );
        mmproj.set(`${to}.attn_${letter}.${part}`, third);
      }
    both(mmproj, `${to}.attn_out`, `${from}.self_attn.dense`);
    both(mmproj, `${to}.ffn_up`, `${from}.mlp.fc1`);
    both(mmproj, `${to}.ffn_down`, `${from}.mlp.fc2`);
    both(mmproj, `${to}.ln1`, `${from}.input_layernorm`);
    both(mmproj, `${to}.ln2`, `${from}.post_attention_layernorm`);
  }
  const few = "model.visual_abstractor";
  const position = `${few}.encoder.layers.0.crossattention.attention`;
  mmproj.set("mm.abstractor.query", plain(`${few}.query_embeds`));
  mmproj.set("mm.abstractor.end", plain(`${few}.vit_eos`));
  both(mmproj, "mm.abstractor.fc", `${few}.visual_fc`);
  const places = [...plain(`${position}.q_pos_embed`), ...plain(`${position}.k_pos_embed`)];
  mmproj.set("mm.abstractor.position", Float32Array.from(places));
  for (let i = 0; i < abstractor.layers; i++) {
    const [from, to] = [`${few}.encoder.layers.${i}.crossattention`, `mm.abstractor.${i}`];
    for (const [mine, theirs] of [
      ["q", "attention.query"],
      ["k", "attention.key"],
      ["v", "attention.value"],
      ["out", "output.out_proj"],
      ["gate", "output.mlp.w1"],
      ["up", "output.mlp.w3"],
      ["down", "output.mlp.w2"],
      ["norm1", "norm1"],
      ["normk", "normk"],
      ["norm2", "output.norm2"],
      ["ffn_norm", "output.mlp.ffn_ln"],
    ] as const)
      both(mmproj, `${to}.${mine}`, `${from}.${theirs}`);
  }
  return { text, mmproj };
}
