import { parsePooling } from "../../src/scoring/pooling.js";
import { scoreLogits } from "../../src/scoring/score.js";
import { type FrameScore, poolFrames } from "../../src/scoring/video.js";
import { parsePreset } from "../../src/prompts/parsePreset.js";
import type {
  ErrorResult,
  ImageResult,
  PresetIdentity,
  RunHeader,
  VideoResult,
} from "../../src/results/result.js";

/** Results as a model would give them, to make reports of. */

export const rule = {
  questions: [{ question: "Rate it.", prefill: "It is" }],
  tones: [
    { name: "positive", weight: 1, words: ["good", "fine"] },
    { name: "neutral", weight: 0.5, words: ["average"] },
    { name: "negative", weight: 0, words: ["poor", "bad"] },
  ],
  combine: "logits" as const,
  temperature: 1,
};

const preset: PresetIdentity = {
  name: "mine",
  hash: "c0ffee",
  prompts: ["{picture}Rate it. <It> is"],
  temperature: 1,
  recipe: parsePreset({ name: "mine", ...rule }),
};

export const header: RunHeader = {
  type: "header",
  version: 1,
  tonescore: "0.1.0",
  llamaCpp: "v0.5.0",
  model: { path: "/models/a.gguf", name: "a.gguf", sha256: "aa" },
  mmproj: { path: "/models/b.gguf", name: "b.gguf", sha256: "bb" },
  presets: { image: preset, video: { ...preset, name: "mine-too", hash: "decaf" } },
  templateArguments: {},
  backend: "CPU",
  threads: 2,
};

export function image(path: string, score: number, more: Partial<ImageResult> = {}): ImageResult {
  return {
    type: "image",
    input: { path, size: 12_000, width: 300, height: 200, treatment: [] },
    scale: "unit",
    score,
    tones: [
      { name: "positive", weight: 1, probability: score },
      { name: "negative", weight: 0, probability: 1 - score },
    ],
    answerMass: 0.9,
    trusted: true,
    answers: [],
    ...more,
  };
}

export const failure = (path: string): ErrorResult => ({
  type: "error",
  input: { path },
  error: { code: "ERR_IMAGE_DECODE", message: `Expected a whole picture, but "${path}" is cut short.` },
});

/** A frame a second, with the logit of the positive words as given. */
export function video(path: string, positive: readonly number[], pooling = "logits"): VideoResult {
  const frames = positive.map((logit, time): FrameScore => ({
    time,
    ...scoreLogits(rule, { logits: [[logit, logit - 1, 1, 0.5, -0.5]], logSumExp: [4] }),
  }));
  const pooled = poolFrames(rule, frames, parsePooling(pooling));
  const { score, tones, answerMass, trusted } = pooled;
  return {
    type: "video",
    input: { path, size: 90_000, width: 300, height: 200, treatment: [] },
    scale: "unit",
    ...{ score, tones, answerMass, trusted, pooling },
    sampling: "fps 1",
    warnings: [],
    frames: frames.map(({ questions, ...frame }) => ({ ...frame, answers: questions })),
  };
}

/** The whole of a page. */
export async function textOf(page: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const piece of page) text += piece;
  return text;
}

/** A page without its own script. */
export const contentOf = (page: string): string => page.slice(0, page.lastIndexOf("<script>"));
