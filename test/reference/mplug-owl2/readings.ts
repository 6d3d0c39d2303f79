import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { decodeImage } from "../../../src/media/image/decodeImage.js";
import { toSquare } from "../../../src/media/image/square.js";
import type { ModelFiles } from "../../../src/models/resolve.js";
import type { AbortSwitch, NativeModel, NativePicture, NativeSession } from "../../../src/native/addon.js";
import { nativeAddon } from "../../../src/native/load.js";
import { openSession } from "../../native/support.js";

interface RecordedPrompt {
  /** "|" is where a picture stands. */
  readonly text: string;
  /** Of what is around each picture. */
  readonly tokens: readonly (readonly number[])[];
  /** By the pictures' names, with "+" between. */
  readonly pictures: Readonly<
    Record<string, { readonly logits: readonly number[]; readonly logSumExp: number }>
  >;
}

/** What mPLUG-Owl2 in PyTorch answers on the small checkpoint; made by record.py. */
interface OwlRecord {
  readonly answers: Readonly<Record<string, number>>;
  /** One logit of so many is kept. */
  readonly sampled: number;
  readonly prompts: Readonly<Record<string, RecordedPrompt>>;
  /** One row a token of the picture that encoder_profile makes, with one number of `embeddingStep`. */
  readonly embeddingStep: number;
  readonly embeddings: readonly (readonly number[])[];
}

export const record = JSON.parse(readFileSync(new URL("record.json", import.meta.url), "utf8")) as OwlRecord;
const MEAN_COLOUR = [122, 116, 104] as const;
const VOCABULARY = 32000;

/** @param lowMemory whether weights stay in the order of the file, besides */
export const loadPair = (files: ModelFiles, lowMemory = false): Promise<NativeModel> =>
  nativeAddon().loadModel({ ...files, gpuLayers: 0, lowMemory }, () => undefined);

/** A picture as the product shows it to this family. */
export async function encodeNamed(session: NativeSession, name: string): Promise<NativePicture> {
  const path = fileURLToPath(new URL(`../transformers/pictures/${name}.png`, import.meta.url));
  const { data, width, height } = toSquare(await decodeImage(path), { squarePad: MEAN_COLOUR });
  return session.encode(data, width, height);
}

/** What is in the prompt, one text and one picture after another; the last text is left. */
export function partsOf(
  model: NativeModel,
  prompt: RecordedPrompt,
  pictures: readonly NativePicture[],
): { prefix: (Int32Array | NativePicture)[]; last: Int32Array } {
  const texts = prompt.text.split("|").map((text, i) => model.tokenize([{ text, special: true }], i === 0));
  const last = texts.pop() ?? new Int32Array();
  return {
    prefix: texts.flatMap((text, i) => [text, ...pictures.slice(i, i + 1)]),
    last,
  };
}

/** One logit of so many, of the whole vocabulary. */
const targets = Int32Array.from({ length: VOCABULARY / record.sampled }, (_, i) => i * record.sampled);

export async function read(
  model: NativeModel,
  session: NativeSession,
  prompt: RecordedPrompt,
  pictures: readonly NativePicture[],
  abort?: AbortSwitch,
): Promise<Reading> {
  const { prefix, last } = partsOf(model, prompt, pictures);
  const { logits, logSumExp } = await session.score(prefix, [{ tokens: last, targets }], abort);
  return { logits: logits[0] ?? new Float32Array(), logSumExp: logSumExp[0] ?? NaN };
}

export interface Reading {
  readonly logits: Float32Array;
  readonly logSumExp: number;
}

/** Each prompt with each of its pictures, in the record's order. */
export const cases = Object.entries(record.prompts).flatMap(([prompt, { pictures }]) =>
  Object.keys(pictures).map((names) => ({ prompt, names })),
);
type Case = (typeof cases)[number];

export const recorded = ({ prompt, names }: Case): Reading => {
  const { logits, logSumExp } = record.prompts[prompt]?.pictures[names] ?? { logits: [], logSumExp: NaN };
  return { logits: Float32Array.from(logits), logSumExp };
};

export function promptOf(name: string): RecordedPrompt {
  const prompt = record.prompts[name];
  if (prompt === undefined) throw new Error(`There is no prompt ${name}`);
  return prompt;
}

/** What a model's session answers to each case. */
export async function readAll(model: NativeModel, session: NativeSession, asked = cases): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const { prompt, names } of asked) {
    const pictures = await Promise.all(names.split("+").map((name) => encodeNamed(session, name)));
    readings.push(await read(model, session, promptOf(prompt), pictures));
  }
  return readings;
}

/** All cases by a pair of files. */
export async function readPair(files: ModelFiles, lowMemory = false): Promise<Reading[]> {
  const model = await loadPair(files, lowMemory);
  const session = await openSession(model);
  const readings = await readAll(model, session);
  await session.close();
  model.dispose();
  return readings;
}

/** The largest between two answers, over all logits that are kept. */
export const distance = (a: Reading, b: Reading): number =>
  Math.max(
    Math.abs(a.logSumExp - b.logSumExp),
    ...a.logits.map((logit, i) => Math.abs(logit - (b.logits[i] ?? NaN))),
  );
