import type { RandomTensor } from "./randomTensor.js";

/** The sizes of an mPLUG-Owl2. */
export interface Shape {
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  readonly inner: number;
  readonly vision: {
    readonly layers: number;
    readonly width: number;
    readonly heads: number;
    readonly inner: number;
    /** In pixels a side, as the patch. */
    readonly imageSize: number;
    readonly patch: number;
  };
  /** As wide as the encoder. */
  readonly abstractor: {
    readonly layers: number;
    readonly heads: number;
    readonly inner: number;
    readonly queries: number;
  };
}

const VOCABULARY = 32000;

const linear = (name: string, outputs: number, inputs: number): RandomTensor[] => [
  { name: `${name}.weight`, shape: [outputs, inputs] },
  { name: `${name}.bias`, shape: [outputs] },
];
const norm = (name: string, width: number): RandomTensor[] => [
  { name: `${name}.weight`, shape: [width], factor: true },
  { name: `${name}.bias`, shape: [width] },
];
const perLayer = (layers: number, make: (layer: number) => RandomTensor[]): RandomTensor[] =>
  Array.from({ length: layers }, (_, layer) => make(layer)).flat();

/** LLaMA's, with norms, keys and values for text (0) and for pictures (1). */
export function languageTensors({ layers, width, inner }: Shape): RandomTensor[] {
  return [
    { name: "model.embed_tokens.weight", shape: [VOCABULARY, width] },
    ...perLayer(layers, (layer) => {
      const prefix = `model.layers.${String(layer)}.`;
      const both = (name: string, shape: number[], factor = false): RandomTensor[] =>
        [0, 1].map((way) => ({ name: `${prefix}${name}.multiway.${String(way)}.weight`, shape, factor }));
      return [
        { name: `${prefix}self_attn.q_proj.weight`, shape: [width, width] },
        ...both("self_attn.k_proj", [width, width]),
        ...both("self_attn.v_proj", [width, width]),
        { name: `${prefix}self_attn.o_proj.weight`, shape: [width, width] },
        { name: `${prefix}mlp.gate_proj.weight`, shape: [inner, width] },
        { name: `${prefix}mlp.up_proj.weight`, shape: [inner, width] },
        { name: `${prefix}mlp.down_proj.weight`, shape: [width, inner] },
        ...both("input_layernorm", [width], true),
        ...both("post_attention_layernorm", [width], true),
      ];
    }),
    { name: "model.norm.weight", shape: [width], factor: true },
    { name: "lm_head.weight", shape: [VOCABULARY, width] },
  ];
}

/** CLIP's encoder, with query, key and value of each head one after another. */
export function visionTensors({ layers, width, inner, imageSize, patch }: Shape["vision"]): RandomTensor[] {
  const prefix = "model.vision_model.";
  return [
    { name: `${prefix}embeddings.cls_token`, shape: [1, 1, width] },
    { name: `${prefix}embeddings.position_embedding`, shape: [1, (imageSize / patch) ** 2 + 1, width] },
    { name: `${prefix}embeddings.patch_embed.weight`, shape: [width, 3, patch, patch] },
    ...norm(`${prefix}embeddings.pre_layernorm`, width),
    ...perLayer(layers, (i) => {
      const layer = `${prefix}encoder.layers.${String(i)}.`;
      return [
        ...linear(`${layer}self_attn.query_key_value`, 3 * width, width),
        ...linear(`${layer}self_attn.dense`, width, width),
        ...norm(`${layer}input_layernorm`, width),
        ...linear(`${layer}mlp.fc1`, inner, width),
        ...linear(`${layer}mlp.fc2`, width, inner),
        ...norm(`${layer}post_attention_layernorm`, width),
      ];
    }),
    ...norm(`${prefix}post_layernorm`, width),
  ];
}

export function abstractorTensors({ width, vision, abstractor }: Shape, positions: boolean): RandomTensor[] {
  const prefix = "model.visual_abstractor.";
  const side = vision.imageSize / vision.patch;
  const { queries, inner } = abstractor;
  return [
    { name: `${prefix}query_embeds`, shape: [1, queries, vision.width] },
    { name: `${prefix}vit_eos`, shape: [1, 1, width] },
    ...perLayer(abstractor.layers, (i) => {
      const layer = `${prefix}encoder.layers.${String(i)}.crossattention.`;
      const places: RandomTensor[] = [
        { name: `${layer}attention.q_pos_embed`, ...lines(queries, vision.width) },
        { name: `${layer}attention.k_pos_embed`, ...grid(side, vision.width) },
      ];
      return [
        ...(positions ? places : []),
        ...linear(`${layer}attention.query`, vision.width, vision.width),
        ...linear(`${layer}attention.key`, vision.width, vision.width),
        ...linear(`${layer}attention.value`, vision.width, vision.width),
        ...linear(`${layer}output.out_proj`, vision.width, vision.width),
        ...norm(`${layer}output.norm2`, vision.width),
        ...linear(`${layer}output.mlp.w1`, inner, vision.width),
        ...linear(`${layer}output.mlp.w2`, vision.width, inner),
        ...linear(`${layer}output.mlp.w3`, inner, vision.width),
        ...norm(`${layer}output.mlp.ffn_ln`, inner),
        ...norm(`${layer}norm1`, vision.width),
        ...norm(`${layer}normk`, vision.width),
      ];
    }),
    ...linear(`${prefix}visual_fc`, width, vision.width),
  ];
}

/** Sines, then cosines, of a place at falling frequencies. */
const waves = (place: number, width: number): number[] => {
  const angles = Array.from({ length: width / 2 }, (_, i) => place / 10000 ** (i / (width / 2)));
  return [...angles.map(Math.sin), ...angles.map(Math.cos)];
};

const lines = (count: number, width: number): Pick<RandomTensor, "shape" | "values"> => ({
  shape: [count, width],
  values: Float32Array.from(Array.from({ length: count }, (_, i) => waves(i, width)).flat()),
});

/** Nothing for the class; then the patches row by row: where in the row, and which row. */
const grid = (side: number, width: number): Pick<RandomTensor, "shape" | "values"> => ({
  shape: [side * side + 1, width],
  values: Float32Array.from([
    ...new Array<number>(width).fill(0),
    ...Array.from({ length: side * side }, (_, i) => [
      ...waves(i % side, width / 2),
      ...waves(Math.floor(i / side), width / 2),
    ]).flat(),
  ]),
});
