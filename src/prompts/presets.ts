import type { Preset } from "./preset.js";

export const DEFAULT_IMAGE_PRESET = "qboost";
export const DEFAULT_VIDEO_PRESET = "qboost-ensemble";

const Q_BENCH = "Wu et al., Q-Bench, arXiv 2309.14181";
const Q_BOOST = "Zhang et al., Q-Boost, arXiv 2312.15300";
const Q_ALIGN = "Wu et al., Q-Align, arXiv 2312.17090";
const Q_INSTRUCT = "Wu et al., Q-Instruct, arXiv 2311.06783";

const RATE_QUALITY = { question: "Rate the quality of the image.", prefill: "The quality of the image is" };
const HOW_QUALITY = { ...RATE_QUALITY, question: "How would you rate the quality of this image?" };

const TRIADIC = [
  { name: "positive", weight: 1, words: ["good"] },
  { name: "neutral", weight: 0.5, words: ["average"] },
  { name: "negative", weight: 0, words: ["poor"] },
];

const TRIADIC_ENSEMBLE = [
  { name: "positive", weight: 1, words: ["good", "high", "fine"] },
  { name: "neutral", weight: 0.5, words: ["average", "medium", "acceptable"] },
  { name: "negative", weight: 0, words: ["poor", "low", "bad"] },
];

const FIVE_LEVELS = ["excellent", "good", "fair", "poor", "bad"].map((name, index) => ({
  name,
  weight: 1 - index / 4,
  words: [name],
}));

/** What every preset says for itself. */
type Own = "name" | "description" | "source" | "questions" | "tones";
type Recipe = Pick<Preset, Exclude<Own, "name">> & Partial<Preset>;

/** The schema's defaults, written out: reading them from it would load zod at every start. */
const DEFAULTS: Omit<Preset, Own> = {
  combine: "logits",
  temperature: 1,
  template: "chat",
  templateArguments: { enable_thinking: false },
  answer: "singleToken",
  picture: {},
};

const attribute = (name: string, prefill = `In terms of ${name}, the image is`): Recipe => ({
  description: `The ${name} of a picture by the triadic rule; a high score is the pleasant end.`,
  source: `The triadic rule of ${Q_BOOST}`,
  questions: [{ question: `Rate the ${name} of the image.`, prefill }],
  tones: TRIADIC,
});

/** mPLUG-Owl2's own prompts, as its authors' code spells them: each side of the picture is a text of its own. */
const owl2 = (prompt: string): Pick<Preset, "template" | "questions"> => ({
  template: "raw",
  questions: [{ question: `USER: ${prompt}`, prefill: "" }],
});

/** What OneAlign was taught to answer. */
const owl2Level = (what: string, of: string): Pick<Preset, "template" | "questions" | "tones"> => ({
  ...owl2(`How would you rate the ${what} of this ${of}?\n{picture}\nASSISTANT: The ${what} of the ${of} is`),
  tones: FIVE_LEVELS,
});

const RECIPES = {
  qbench: {
    description:
      "Quality by good against poor; their logits are divided by 100 before the softmax, as published.",
    source: Q_BENCH,
    questions: [RATE_QUALITY],
    tones: TRIADIC.filter((tone) => tone.name !== "neutral"),
    temperature: 100,
  },
  qboost: {
    description: "Quality by good, average and poor: the default for pictures.",
    source: Q_BOOST,
    questions: [RATE_QUALITY],
    tones: TRIADIC,
  },
  "qboost-noprefill": {
    description: "qboost as its authors' code asks it: the answer has no given beginning.",
    source: `${Q_BOOST}; code of Q-Instruct, github.com/Q-Future/Q-Instruct`,
    questions: [{ question: RATE_QUALITY.question, prefill: "" }],
    tones: TRIADIC,
  },
  "qboost-ensemble": {
    description: "qboost with three words a tone, averaged at the logits: the default for videos.",
    source: Q_BOOST,
    questions: [RATE_QUALITY],
    tones: TRIADIC_ENSEMBLE,
  },
  "qboost-ensemble-noprefill": {
    description: "qboost-noprefill with three words a tone, averaged at the logits.",
    source: `${Q_BOOST}; code of Q-Instruct, github.com/Q-Future/Q-Instruct`,
    questions: [{ question: RATE_QUALITY.question, prefill: "" }],
    tones: TRIADIC_ENSEMBLE,
  },
  qalign: {
    description: "Quality on five levels from excellent to bad.",
    source: Q_ALIGN,
    questions: [HOW_QUALITY],
    tones: FIVE_LEVELS,
  },
  qrealign: {
    description: "Quality on five levels, for the Q-ReAlign models: their chat template with thinking off.",
    source: `Q-ReAlign, github.com/Q-Future/Q-ReAlign, after ${Q_ALIGN}`,
    questions: [HOW_QUALITY],
    tones: FIVE_LEVELS,
    templateArguments: { enable_thinking: false },
  },
  "qalign-owl2": {
    description: "Quality on five levels, for OneAlign and other Q-Align models on mPLUG-Owl2.",
    source: `${Q_ALIGN}; github.com/Q-Future/Q-Align`,
    ...owl2Level("quality", "image"),
  },
  "qalign-owl2-aesthetics": {
    description: "Aesthetics on five levels, for OneAlign.",
    source: `${Q_ALIGN}; github.com/Q-Future/Q-Align`,
    ...owl2Level("aesthetics", "image"),
  },
  "qalign-owl2-video": {
    description: "Quality of a video on five levels, its frames in one prompt, for OneAlign.",
    source: `${Q_ALIGN}; github.com/Q-Future/Q-Align`,
    ...owl2Level("quality", "video"),
    frames: "together",
  },
  deqa: {
    description: "Quality as a distribution over five levels, for DeQA-Score.",
    source: "You et al., DeQA-Score, arXiv 2501.11561; github.com/zhiyuanyou/DeQA-Score",
    ...owl2Level("quality", "image"),
  },
  "qinstruct-owl2": {
    description: "Quality by good against poor, for Q-Instruct on mPLUG-Owl2.",
    source: `${Q_INSTRUCT}; github.com/Q-Future/Q-Instruct`,
    ...owl2("{picture}Rate the quality of the image. ASSISTANT:"),
    tones: TRIADIC.filter((tone) => tone.name !== "neutral"),
  },
  aesthetics: {
    ...attribute("aesthetics", "The aesthetics of the image is"),
    description:
      "The aesthetics of a picture by the triadic rule, for models that know it: the bundled one never learned it.",
  },
  sharpness: attribute("sharpness", "The sharpness of the image is"),
  noise: attribute("noise"),
  exposure: attribute("exposure"),
  contrast: attribute("contrast"),
  colour: attribute("colour"),
  compression: attribute("compression"),
} satisfies Record<string, Recipe>;

/** The name of a built-in preset. */
export type PresetName = keyof typeof RECIPES;

/** Every built-in preset by its name. */
export const presets: ReadonlyMap<string, Preset> = new Map(
  Object.entries<Recipe>(RECIPES).map(([name, recipe]) => [name, { ...DEFAULTS, name, ...recipe }]),
);
