import { shown } from "../../util/shown.js";
import { indexTensors } from "../checkpoint/checkpoint.js";
import { CheckpointFolder } from "../checkpoint/folder.js";
import { invalid } from "../checkpoint/invalid.js";
import { Settings } from "../checkpoint/settings.js";
import type { StoredTensor } from "../checkpoint/storedTensor.js";
import { addSentencePiece } from "./addTokenizer.js";
import { type Clip, CLIP_PICTURES, clipRules, encoders, readClip } from "./clip.js";
import { addDecoder, readDecoder } from "./decoder.js";
import { encoderMetadata, readPictures } from "./encoder.js";
import type { Checkpoint, Family, ModelPlan, PlanOptions } from "./family.js";
import { fileTypes, generalMetadata } from "./general.js";
import { ARCHITECTURE, LLAMA, llamaRules } from "./llama.js";
import { addLinear, applyRules, type Rules, shortType } from "./rules.js";

function projectorRules({ width }: Clip, output: number): Rules {
  const rules: Rules = new Map();
  addLinear(rules, "mm.0", "mm.0", [output, width]);
  addLinear(rules, "mm.2", "mm.2", [output, output]);
  return rules;
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
  const texts = applyRules(tensors, llamaRules(decoder, tied), textName, weights, folder.path);
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
