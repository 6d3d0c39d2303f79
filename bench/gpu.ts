/** Compares a GPU with the CPU of the same machine, by speed and by answers; bench/gpu.sh runs it for each model. */
import { parseArgs } from "node:util";
import { createScorer, type Gpu, type PresetInput, type Scorer } from "../src/index.js";
import { findModel } from "./models.js";
import { nine } from "./nineQuestions.js";
import { onePicture } from "./pictures.js";
import { alternate, time } from "./rounds.js";
import { line, type Row } from "./row.js";

const { values } = parseArgs({
  options: {
    gpu: { type: "string", default: "cuda" },
    model: { type: "string", default: "bundled" },
    rounds: { type: "string" },
  },
});
const model = findModel(values.model);
const rounds = Number(values.rounds ?? model.rounds);

const open = (preset: string | PresetInput, gpu: string): Promise<Scorer> =>
  createScorer({ model: model.model, mmproj: model.mmproj, preset, gpu: gpu as Gpu });

/** Of each word against the first, since a constant in all logits means nothing. */
async function oddsOf(scorer: Scorer, picture: Buffer): Promise<number[]> {
  const { answers } = await scorer.scoreImage(picture);
  return answers.flatMap(({ words }) => words.map(({ logit }) => logit - (words[0]?.logit ?? NaN)));
}

async function compare(what: string, preset: string | PresetInput, picture: Buffer): Promise<void> {
  await using gpu = await open(preset, values.gpu);
  await using cpu = await open(preset, "off");
  const odds = await oddsOf(cpu, picture);
  const apart = (await oddsOf(gpu, picture)).map((value, index) => Math.abs(value - (odds[index] ?? NaN)));
  const { ours, theirs } = await alternate(rounds, {
    ours: () => time(() => gpu.scoreImage(picture)),
    theirs: () => time(() => cpu.scoreImage(picture)),
  });
  const row: Row = { what, unit: "ms", ours, other: { name: "CPU, all cores", values: theirs } };
  console.log(
    `${model.name}: ${line(row)}  |  log odds at most ${Math.max(...apart).toExponential(1)} apart`,
  );
}

const picture = await onePicture(model);
try {
  await compare(`${values.gpu}: one question`, "qboost", picture);
  await compare(`${values.gpu}: nine questions`, nine, picture);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
