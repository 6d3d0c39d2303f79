import { addSentencePiece } from "./addTokenizer.js";
import { CLIP_PICTURES } from "./clip.js";
import { addDecoder, type Decoder, readDecoder } from "./decoder.js";
import { encoderMetadata, readPictures } from "./encoder.js";
import type { Checkpoint, Family, ModelPlan, PlanOptions } from "./family.js";
import { fileTypes, generalMetadata } from "./general.js";
import { addKeysAndValues, ARCHITECTURE, LLAMA, llamaRules } from "./llama.js";
import { abstractorRules, readAbstractor } from "./owl2Abstractor.js";
import { owl2EncoderRules, readOwl2Encoder } from "./owl2Encoder.js";
import { withOnePosition } from "./owl2Positions.js";
import { applyRules, type Rules, shortType } from "./rules.js";

/** The beginning of the names of what the language model has once more, for the tokens of a picture. */
const VISUAL = "visual.";

/** Each way through a layer, that of text and that of pictures, has norms, keys and values of its own. */
const ways = { text: ".multiway.0.", picture: ".multiway.1." } as const;
const parts = { encoder: "model.vision_model.", abstractor: "model.visual_abstractor." } as const;

const within =
  (part: string) =>
  (name: string): string | undefined =>
    name.startsWith(part) ? name.slice(part.length) : undefined;

const ofPictures = (name: string): string | undefined =>
  name.includes(ways.picture) ? name.replace(ways.picture, ".") : undefined;

const ofText = (name: string): string | undefined =>
  name.includes(ways.picture) || Object.values(parts).some((part) => name.startsWith(part))
    ? undefined
    : name.replace(ways.text, ".");

function visualRules(decoder: Decoder): Rules {
  const rules: Rules = new Map();
  for (let i = 0; i < decoder.layers; i++)
    addKeysAndValues(rules, `model.layers.${i}`, `${VISUAL}blk.${i}`, decoder);
  return rules;
}

async function plan(checkpoint: Checkpoint, options: PlanOptions): Promise<ModelPlan> {
  const { settings, tensors, folder } = checkpoint;
  if (settings.text("hidden_act", "silu") !== "silu") settings.refuse("hidden_act", "silu");
  const decoder = readDecoder(settings, LLAMA);
  const visual = settings.part("visual_config");
  const encoder = readOwl2Encoder(visual.part("visual_model"), decoder.width);
  const abstractor = readAbstractor(visual.part("visual_abstractor"), encoder);
  const weights = options.weights ?? shortType(tensors.values());
  const tied = settings.flag("tie_word_embeddings", false);

  const apply = (rules: Rules, nameOf: typeof ofText, type = weights) =>
    applyRules(tensors, rules, nameOf, type, folder.path);
  const texts = apply(llamaRules(decoder, tied), ofText);
  const queries = apply(abstractorRules(abstractor, encoder), within(parts.abstractor), "F16");
  const visions = [
    ...apply(owl2EncoderRules(encoder), within(parts.encoder), "F16"),
    ...(await withOnePosition(queries, abstractor, encoder, folder.path)),
    ...apply(visualRules(decoder), ofPictures),
  ];

  const said = generalMetadata(checkpoint, ARCHITECTURE, "model", texts)
    .whole("general.file_type", fileTypes[weights])
    .whole(`${ARCHITECTURE}.vocab_size`, decoder.vocabulary)
    .whole(`${ARCHITECTURE}.rope.dimension_count`, decoder.head);
  addDecoder(said, ARCHITECTURE, decoder, true);
  await addSentencePiece(said, checkpoint, decoder.vocabulary);

  const pictures = await readPictures(folder, CLIP_PICTURES);
  const seen = encoderMetadata(generalMetadata(checkpoint, "clip", "mmproj", visions), encoder, pictures)
    .text("clip.projector_type", "mplug_owl2")
    .whole("clip.vision.image_size", encoder.image)
    .number("clip.vision.attention.layer_norm_epsilon", encoder.epsilon)
    .whole("clip.vision.abstractor.head_count", abstractor.heads)
    .flag("clip.use_gelu", false);
  return {
    text: { metadata: said, tensors: texts },
    mmproj: { metadata: seen, tensors: visions },
    standIns: VISUAL,
  };
}

/** OneAlign's, DeQA-Score's and Q-Instruct's too. */
export const mplugOwl2: Family = {
  name: "mPLUG-Owl2",
  architectures: ["MPLUGOwl2LlamaForCausalLM"],
  template: "mplug-owl2",
  plan,
};
