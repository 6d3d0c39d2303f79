import { existsSync } from "node:fs";
import { join } from "node:path";
import { bundledModel, type ModelFiles } from "../src/index.js";
import { scratch } from "./paths.js";

/** A model, and how much of it a machine of two cores gets done in minutes. */
export interface BenchModel extends ModelFiles {
  readonly name: string;
  /** A chat template's name, where the model has none. */
  readonly template?: string;
  /** Pixels of the one picture that is asked about again and again. */
  readonly picture: readonly [width: number, height: number];
  /** Pictures in the folder. */
  readonly folder: number;
  readonly rounds: number;
  /** Tokens that hold the longest prompt with its picture. */
  readonly context: number;
}

const shape = (name: string): ModelFiles => ({
  model: join(scratch, `${name}.gguf`),
  mmproj: join(scratch, `${name}.mmproj.gguf`),
});

/** One that only encoderProfile.ts takes: its text model is a stand-in. */
const encoder = (name: string, picture: BenchModel["picture"]): BenchModel => ({
  name,
  ...shape(name),
  picture,
  folder: 1,
  rounds: 1,
  context: 1024,
});

const models: readonly BenchModel[] = [
  { name: "bundled", ...bundledModel, picture: [512, 512], folder: 60, rounds: 25, context: 1024 },
  // Scaled to 2048 pixels of width and cut into tiles of 512: four, and one of the whole.
  {
    name: "smolvlm-256m",
    ...shape("smolvlm-256m"),
    picture: [1024, 256],
    folder: 6,
    rounds: 5,
    context: 1024,
  },
  { name: "0.8b", ...shape("qwen3.5-0.8b"), picture: [336, 224], folder: 6, rounds: 5, context: 1024 },
  { name: "2b", ...shape("qwen2-vl-2b"), picture: [336, 224], folder: 6, rounds: 5, context: 1024 },
  {
    name: "7b",
    ...shape("llava-1.5-7b"),
    template: "vicuna",
    picture: [336, 336],
    folder: 2,
    rounds: 1,
    context: 1024,
  },
  encoder("qwen2-vl-2b-encoder", [336, 224]),
  encoder("internvl3-1b-encoder", [448, 448]),
  encoder("gemma3-4b-encoder", [896, 896]),
  encoder("yasa2-encoder", [512, 512]),
];

const modelNames = models.map((model) => model.name);

/** @throws where the name is unknown, or the files of a random-weight model were not made. */
export function findModel(name: string): BenchModel {
  const model = models.find((candidate) => candidate.name === name);
  if (!model) throw new Error(`Expected a model of ${modelNames.join(", ")}, but received ${name}`);
  for (const file of [model.model, model.mmproj]) {
    if (!existsSync(file)) {
      throw new Error(`Expected the model file ${file}. bench/README.md says how to make it.`);
    }
  }
  return model;
}
