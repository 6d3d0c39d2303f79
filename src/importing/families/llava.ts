import { shown } from "../../util/shown.js";
import { indexTensors } from "../checkpoint/checkpoint.js";
import { CheckpointFolder } from "../checkpoint/folder.js";
import { invalid } from "../checkpoint/invalid.js";
import { Settings } from "../checkpoint/settings.js";
import type { StoredTensor } from "../checkpoint/storedTensor.js";
import { interleaveHalves } from "../tensors/rearrange.js";
import { addSentencePiece } from "./addTokenizer.js";
import { addDecoder, addFeedForward, type Decoder, outerRules, readDecoder } from "./decoder.js";
import { encoderMetadata, readPictures } from "./encoder.js";
import type { Checkpoint, Family, ModelPlan, PlanOptions } from "./family.js";
import { fileTypes, generalMetadata } from "./general.js";
import { addLinear, addNorm, applyRules, rule, type Rules, shortType } from "./rules.js";

const ARCHITECTURE = "llama";
/** What transformers takes for a LLaMA of which config.json says nothing, and so do the checkpoints that leave it out. */
const LLAMA = {
  ...{ width: 4096, inner: 11008, layers: 32, heads: 32, vocabulary: 32000 },
  ...{ context: 2048, epsilon: 1e-6, theta: 10000 },
};
/** CLIP's own way with pixels. */
const CLIP_PICTURES = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  deviation: [0.26862954, 0.26130258, 0.27577711],
};
/** The encoders that LLaVA was trained with, which its own layout names and does not describe. */
const large = {
  hidden_size: 1024,
  intermediate_size: 4096,
  num_attention_heads: 16,
  num_hidden_layers: 24,
  patch_size: 14,
};
const encoders: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "openai/clip-vit-large-patch14-336": { ...large, image_size: 336, projection_dim: 768 },
  "openai/clip-vit-large-patch14": { ...large, image_size: 224, projection_dim: 768 },
};

/** CLIP's encoder, as far as the layer that the language model sees. */
interface Clip {
  readonly layers: number;
  readonly width: number;
  readonly inner: number;
  readonly heads: number;
  readonly patch: number;
  readonly side: number;
  readonly epsilon: number;
  readonly projection: number;
  /** All that the checkpoint has. */
  readonly allLayers: number;
}

function readClip(vision: Settings, seen: number): Clip {
  const allLayers = vision.size("num_hidden_layers", 12, 512);
  const layers = seen >= 0 ? seen : allLayers + seen + 1;
  if (layers < 1 || layers > allLayers)
    vision.refuse("num_hidden_layers", `the layer ${seen} that is looked at`);
  const [side, patch] = [vision.size("image_size", 224, 4096), vision.size("patch_size", 32, 256)];
  if (side % patch !== 0) vision.refuse("image_size", `a multiple of ${patch}`);
  const act = vision.text("hidden_act", "quick_gelu");
  if (act !== "quick_gelu") vision.refuse("hidden_act", "quick_gelu");
  return {
    layers,
    allLayers,
    side,
    patch,
    width: vision.size("hidden_size", 768),
    inner: vision.size("intermediate_size", 3072),
    heads: vision.size("num_attention_heads", 12),
    epsilon: vision.number("layer_norm_eps", 1e-5),
    projection: vision.size("projection_dim", 512),
  };
}

function textRules(decoder: Decoder, tied: boolean): Rules {
  const { layers, width, heads, kvHeads, head } = decoder;
  const rules = outerRules(decoder, tied);
  for (let i = 0; i < layers; i++) {
    const [from, to] = [`model.layers.${i}`, `blk.${i}`];
    rules.set(`${from}.input_layernorm.weight`, rule([width], `${to}.attn_norm.weight`));
    rules.set(`${from}.post_attention_layernorm.weight`, rule([width], `${to}.ffn_norm.weight`));
    for (const [letter, count] of [
      ["q", heads],
      ["k", kvHeads],
    ] as const) {
      const select = interleaveHalves(count, count * head, width);
      const made = rule([count * head, width], `${to}.attn_${letter}.weight`, { select });
      rules.set(`${from}.self_attn.${letter}_proj.weight`, made);
    }
    rules.set(`${from}.self_attn.v_proj.weight`, rule([kvHeads * head, width], `${to}.attn_v.weight`));
    rules.set(`${from}.self_attn.o_proj.weight`, rule([width, heads * head], `${to}.attn_output.weight`));
    addFeedForward(rules, from, to, decoder);
  }
  return rules;
}

function projectorRules({ width }: Clip, output: number): Rules {
  const rules: Rules = new Map();
  addLinear(rules, "mm.0", "mm.0", [output, width]);
  addLinear(rules, "mm.2", "mm.2", [output, output]);
  return rules;
}

/** The names of libmtmd's oldest encoder, in which the two layers of a network have each the other's name. */
function clipRules({ layers, allLayers, width, inner, patch, side }: Clip): Rules {
  const positions = (side / patch) ** 2 + 1;
  const unused = (rules: Rules): Rules =>
    new Map([...rules].map(([name, { shape }]) => [name, { shape, made: [], optional: true }]));
  const rules: Rules = new Map([
    ["embeddings.class_embedding", rule([width], "v.class_embd")],
    ["embeddings.patch_embedding.weight", rule([width, 3, patch, patch], "v.patch_embd.weight")],
    ["embeddings.position_embedding.weight", rule([positions, width], "v.position_embd.weight")],
  ]);
  addNorm(rules, "pre_layrnorm", "v.pre_ln", width);
  const after: Rules = new Map();
  addNorm(after, "post_layernorm", "v.post_ln", width);
  for (let i = 0; i < allLayers; i++) {
    const [from, to] = [`encoder.layers.${i}`, `v.blk.${i}`];
    const into = i < layers ? rules : after;
    for (const letter of ["q", "k", "v"]) {
      addLinear(into, `${from}.self_attn.${letter}_proj`, `${to}.attn_${letter}`, [width, width]);
    }
    addLinear(into, `${from}.self_attn.out_proj`, `${to}.attn_out`, [width, width]);
    addLinear(into, `${from}.mlp.fc1`, `${to}.ffn_down`, [inner, width]);
    addLinear(into, `${from}.mlp.fc2`, `${to}.ffn_up`, [width, inner]);
    addNorm(into, `${from}.layer_norm1`, `${to}.ln1`, width);
    addNorm(into, `${from}.layer_norm2`, `${to}.ln2`, width);
  }
  return new Map([...rules, ...unused(after)]);
}

const ofTower = /^(?:model\.)?vision_tower\.(?:vision_tower\.)?(?:vision_model\.)?/;
const ofProjector = /^(?:model\.)?(?:multi_modal_projector\.linear_([12])|mm_projector\.([02]))\./;

function textName(name: string): string | undefined {
  return ofTower.test(name) || ofProjector.test(name) ? undefined : name.replace("language_model.", "");
}

function projectorName(name: string): string | undefined {
  const [found, linear, place] = ofProjector.exec(name) ?? [];
  if (found === undefined) return undefined;
  const which = place ?? (linear === "1" ? "0" : "2");
  return `mm.${which}.${name.slice(found.length)}`;
}

const towerName = (name: string): string | undefined =>
  ofTower.test(name) ? name.replace(ofTower, "") : undefined;

/** In a repository of CLIP's own there is its other half besides. */
const clipName = (name: string): string | undefined =>
  name.startsWith("vision_model.") ? name.slice("vision_model.".length) : undefined;

interface Tower {
  readonly folder: CheckpointFolder;
  readonly vision: Settings;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly nameOf: (name: string) => string | undefined;
}

/** Where the encoder is: in the checkpoint, or, in LLaVA's own layout, in the repository that it names. */
async function findTower(
  { folder, settings, tensors }: Checkpoint,
  { companion }: PlanOptions,
): Promise<Tower> {
  const inside = [...tensors.keys()].some((name) => ofTower.test(name));
  if (settings.has("vision_config")) {
    const vision = settings.part("vision_config");
    const type = vision.text("model_type", "clip_vision_model");
    if (type !== "clip_vision_model") vision.refuse("model_type", "clip_vision_model");
    return { folder, vision, tensors, nameOf: towerName };
  }
  const repository = settings.text("mm_vision_tower");
  const described = Object.hasOwn(encoders, repository) ? encoders[repository] : undefined;
  if (inside && described) {
    return { folder, vision: new Settings(described, folder.path), tensors, nameOf: towerName };
  }
  const place = await companion?.(described && repository);
  if (place === undefined) {
    const what = `the picture encoder ${shown(repository)} of "${folder.path}"`;
    throw invalid(
      what,
      "it is not in the checkpoint",
      "Name it with --encoder: its folder, or its repository, which is downloaded.",
    );
  }
  const other = await CheckpointFolder.open(place);
  const config = new Settings((await other.json("config.json")) ?? {}, `${place}/config.json`);
  const vision = config.part("vision_config").over(config);
  return { folder: other, vision, tensors: await indexTensors(other), nameOf: clipName };
}

async function plan(checkpoint: Checkpoint, options: PlanOptions): Promise<ModelPlan> {
  const { settings, tensors, folder } = checkpoint;
  const text = settings.part("text_config").over(settings);
  const isLlama = !settings.has("text_config") || text.text("model_type", "llama") === "llama";
  if (!isLlama) text.refuse("model_type", "llama");
  const projector = settings.text("mm_projector_type", "mlp2x_gelu");
  if (projector !== "mlp2x_gelu") settings.refuse("mm_projector_type", "mlp2x_gelu");
  const decoder = readDecoder(text, LLAMA);
  const tower = await findTower(checkpoint, options);
  const clip = readClip(
    tower.vision,
    settings.whole("vision_feature_layer", settings.whole("mm_vision_select_layer", -2)),
  );
  const weights = options.weights ?? shortType(tensors.values());
  const tied = settings.flag("tie_word_embeddings", false);
  const texts = applyRules(tensors, textRules(decoder, tied), textName, weights, folder.path);
  const visions = [
    ...applyRules(tensors, projectorRules(clip, decoder.width), projectorName, "F16", folder.path),
    ...applyRules(tower.tensors, clipRules(clip), tower.nameOf, "F16", tower.folder.path),
  ];

  const said = generalMetadata(checkpoint, ARCHITECTURE, "model", texts)
    .whole("general.file_type", fileTypes[weights])
    .whole(`${ARCHITECTURE}.vocab_size`, decoder.vocabulary)
    .whole(`${ARCHITECTURE}.rope.dimension_count`, decoder.head);
  addDecoder(said, ARCHITECTURE, decoder, true);
  await addSentencePiece(said, checkpoint, decoder.vocabulary);

  const { side, epsilon, projection } = clip;
  const encoder = { ...clip, merged: 1, output: projection };
  const pictures = await readPictures(tower.folder, CLIP_PICTURES);
  const seen = encoderMetadata(generalMetadata(checkpoint, "clip", "mmproj", visions), encoder, pictures)
    .flag("clip.has_text_encoder", false)
    .flag("clip.has_llava_projector", true)
    .text("general.description", "image encoder for LLaVA")
    .text("clip.projector_type", "mlp")
    .whole("clip.vision.image_size", side)
    .number("clip.vision.attention.layer_norm_epsilon", epsilon)
    .wholes("clip.vision.feature_layer", [clip.layers])
    .flag("clip.use_gelu", false);
  return { text: { metadata: said, tensors: texts }, mmproj: { metadata: seen, tensors: visions } };
}

/** Q-Instruct's too, which keeps its authors' layout. */
export const llava: Family = {
  name: "LLaVA-1.5",
  architectures: ["LlavaForConditionalGeneration", "LlavaLlamaForCausalLM"],
  template: "vicuna",
  plan,
};
