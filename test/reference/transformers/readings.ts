import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  createScorer,
  type ModelFiles,
  type Preset,
  presets,
  type Scorer,
  type ScorerOptions,
} from "../../../src/index.js";

/** What a recipe read of one picture. */
export interface Reading {
  /** Of the whole prompt, the picture's included. */
  readonly tokens: number;
  readonly logits: readonly number[];
  readonly score: number;
}

export interface RecordedRecipe {
  readonly prompt: string;
  readonly words: readonly { readonly word: string; readonly id: number }[];
  readonly pictures: Readonly<Record<string, Reading>>;
}

/** What the published Python recipes read of a small model in transformers; made by record.py. */
export interface ModelRecord {
  readonly model: string;
  readonly files: Readonly<Record<string, string>>;
  /** By the preset's name. */
  readonly recipes: Readonly<Record<string, RecordedRecipe>>;
  /** LLaVA-1.5: `qboost-noprefill` of the picture's middle square. */
  readonly cut?: Readonly<Record<string, Reading>>;
}

const pathTo = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export const records = readdirSync(pathTo("records")).map(
  (file) => JSON.parse(readFileSync(pathTo(`records/${file}`), "utf8")) as ModelRecord,
);

export const filesOf = ({ model }: ModelRecord): ModelFiles => ({
  model: pathTo(`models/${model}.gguf`),
  mmproj: pathTo(`models/${model}.mmproj.gguf`),
});

export function pathOf(picture: string): string {
  if (picture.endsWith(".jpg")) return pathTo(`../../../examples/${picture}`);
  return pathTo(
    /^exact|^halves/.test(picture) ? `pictures/${picture}` : `../../fixtures/pictures/${picture}`,
  );
}

export interface Treatment {
  readonly options: Pick<ScorerOptions, "imageMinTokens" | "imageMaxTokens">;
  readonly picture: Preset["picture"];
}

const PLAIN: Treatment = { options: {}, picture: {} };

export const CENTRE_CUT: Treatment = { options: {}, picture: { centreCut: true } };

export const templateOf = ({ model }: ModelRecord): string | undefined =>
  model.startsWith("llava") ? "vicuna" : undefined;

/** A scorer of a built-in preset, by default with nothing said of pictures. */
export async function openScorer(
  record: ModelRecord,
  preset: string,
  { options, picture }: Treatment = PLAIN,
): Promise<Scorer> {
  const template = templateOf(record);
  const folder = mkdtempSync(join(tmpdir(), "tonescore-reference-"));
  const file = join(folder, "preset.json");
  try {
    writeFileSync(file, JSON.stringify({ ...presets.get(preset), picture }));
    const named = template === undefined ? {} : { template };
    return await createScorer({
      ...filesOf(record),
      ...named,
      ...options,
      preset: file,
      gpu: "off",
      threads: 1,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The largest distance between our logits and a reading's, and that between the scores. */
export async function compare(
  scorer: Scorer,
  picture: string,
  expected: Reading,
): Promise<{ logits: number; score: number }> {
  const { answers, score } = await scorer.scoreImage(pathOf(picture));
  const ours = answers.flatMap(({ words }) => words.map(({ logit }) => logit));
  const gaps = expected.logits.map((logit, index) => Math.abs(logit - (ours[index] ?? NaN)));
  return { logits: Math.max(...gaps), score: Math.abs(score - expected.score) };
}
