/**
 * Compares a GPU with the CPU of the same machine, by answers and by speed, and holds the GPU's answers against one another;
 * bench/gpu.sh runs it for each model. What matters most comes first: what does not fit into `--seconds` is left out.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createScorer, type Gpu, type ImageResult, type PresetInput, type Scorer } from "../src/index.js";
import { messageOf } from "../src/util/messageOf.js";
import { findModel } from "./models.js";
import { nine } from "./nineQuestions.js";
import { examples, root } from "./paths.js";
import { onePicture, photographs, pictureOf } from "./pictures.js";
import { alternate, time } from "./rounds.js";
import { line, type Row } from "./row.js";

const { values } = parseArgs({
  options: {
    gpu: { type: "string", default: "cuda" },
    model: { type: "string", default: "bundled" },
    rounds: { type: "string" },
    seconds: { type: "string", default: "Infinity" },
  },
});
const model = findModel(values.model);
const rounds = Number(values.rounds ?? model.rounds);
const end = performance.now() + 1000 * Number(values.seconds);

const say = (text: string): void => {
  console.log(`${model.name}: ${text}`);
};
const tell = (row: Row): void => {
  say(line({ ...row, what: `${values.gpu}: ${row.what}` }));
};

const open = (preset: string | PresetInput, gpu: string, isolate = false): Promise<Scorer> =>
  createScorer({ model: model.model, mmproj: model.mmproj, preset, gpu: gpu as Gpu, isolate });

const logitsOf = ({ answers }: ImageResult): number[] =>
  answers.flatMap(({ words }) => words.map(({ logit }) => logit));
/** Of each word against the first, since a constant in all logits means nothing. */
const oddsOf = ({ answers }: ImageResult): number[] =>
  answers.flatMap(({ words }) => words.map(({ logit }) => logit - (words[0]?.logit ?? NaN)));
const apart = (ours: readonly number[], theirs: readonly number[]): number =>
  Math.max(...ours.map((value, index) => Math.abs(value - (theirs[index] ?? NaN))));

/** Everything that is computed, to the bit. */
const bitsOf = ({ score, answers }: ImageResult): string => JSON.stringify([score, answers]);
const sameBits = (what: string, ours: readonly ImageResult[], theirs: readonly ImageResult[]): void => {
  const other = ours.flatMap((result, index) => {
    const beside = theirs[index];
    return beside && bitsOf(result) === bitsOf(beside) ? [] : [index];
  });
  say(
    `same bits ${what}: ${other.length === 0 ? `yes, ${ours.length} of them` : `NO, pictures ${other.join(", ")}`}`,
  );
  if (other.length > 0) process.exitCode = 1;
};

async function inTurn(scorer: Scorer, pictures: readonly Buffer[]): Promise<ImageResult[]> {
  const results: ImageResult[] = [];
  for (const picture of pictures) results.push(await scorer.scoreImage(picture));
  return results;
}

async function inRun(scorer: Scorer, pictures: readonly Buffer[]): Promise<ImageResult[]> {
  const results: ImageResult[] = [];
  for await (const result of scorer.scoreImages(pictures)) {
    if (result.type === "error") throw new Error(result.error.message);
    results.push(result);
  }
  return results;
}

/** Milliseconds of the command line for one picture, with the drivers' stores of compiled kernels in a folder. */
async function startOf(folder: string, gpu = values.gpu): Promise<number> {
  const files = ["-m", model.model, "--mmproj", model.mmproj];
  const settings = ["--gpu", gpu, "-f", "csv", ...files];
  const args = [join(root, "dist/cli/main.js"), join(examples, "rider.jpg"), ...settings];
  const stores = ["CUDA_CACHE_PATH", "__GL_SHADER_DISK_CACHE_PATH", "MESA_SHADER_CACHE_DIR"];
  const env = { ...process.env, ...Object.fromEntries(stores.map((name) => [name, folder])) };
  return time(async () => {
    const child = spawn(process.execPath, args, { env, stdio: ["ignore", "ignore", "inherit"] });
    const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
    if (code !== 0) throw new Error(`the command line ended with ${signal ?? code}`);
  });
}

/** With nothing compiled yet, and then with what that has left. */
async function starts(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "tonescore-gpu-"));
  try {
    const what = "the command line, from start to end";
    tell({ what: `${what}, nothing compiled yet`, unit: "ms", ours: [await startOf(folder)] });
    const { ours, theirs } = await alternate(3, {
      ours: () => startOf(folder),
      theirs: () => startOf(folder, "off"),
    });
    tell({ what: `${what}, later`, unit: "ms", ours, other: { name: "CPU, all cores", values: theirs } });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function compareAnswers(gpu: Scorer, pictures: readonly Buffer[]): Promise<ImageResult[]> {
  await using cpu = await open("qboost", "off");
  const ours = await inTurn(gpu, pictures);
  const theirs = await inTurn(cpu, pictures);
  const most = (of: (result: ImageResult) => readonly number[]): string =>
    Math.max(...ours.map((each, index) => apart(of(each), of(theirs[index] ?? each)))).toExponential(1);
  const [scores, logits, odds] = [most(({ score }) => [score]), most(logitsOf), most(oddsOf)];
  say(
    `${values.gpu} and CPU, ${ours.length} pictures: at most ${scores} in score, ${logits} in logits, ${odds} in log odds apart`,
  );
  return ours;
}

async function compareCompany(gpu: Scorer, pictures: readonly Buffer[], alone: readonly ImageResult[]) {
  const turned = [...pictures].reverse();
  sameBits("asked again", await inTurn(gpu, pictures), alone);
  sameBits("in a run the other way round", (await inRun(gpu, turned)).reverse(), alone);
  sameBits("all at once", await Promise.all(pictures.map((each) => gpu.scoreImage(each))), alone);
  await using isolated = await open("qboost", values.gpu, true);
  sameBits("in a process of its own", await inTurn(isolated, pictures), alone);
}

async function compareSpeed(what: string, preset: string | PresetInput, picture: Buffer): Promise<void> {
  await using gpu = await open(preset, values.gpu);
  await using cpu = await open(preset, "off");
  const { ours, theirs } = await alternate(rounds, {
    ours: () => time(() => gpu.scoreImage(picture)),
    theirs: () => time(() => cpu.scoreImage(picture)),
  });
  tell({ what, unit: "ms", ours, other: { name: "CPU, all cores", values: theirs } });
}

async function throughput(gpu: Scorer, pictures: readonly Buffer[]): Promise<void> {
  const times = Math.ceil(model.folder / pictures.length);
  const many = Array.from({ length: times }, () => pictures).flat();
  const rates: number[] = [];
  for (let round = 0; round < 5; round++)
    rates.push((1000 * many.length) / (await time(() => inRun(gpu, many))));
  tell({ what: `a run of ${many.length} pictures in memory`, unit: "pictures/s", ours: rates });
}

/** How long after an abort its error comes, at several moments of a picture; and that the next picture is none the worse. */
async function aborts(gpu: Scorer, picture: Buffer): Promise<void> {
  const before = await gpu.scoreImage(picture);
  const whole = await time(() => gpu.scoreImage(picture));
  const delays: number[] = [];
  for (const share of [0.1, 0.3, 0.5, 0.7, 0.9]) {
    const controller = new AbortController();
    let began = NaN;
    const timer = setTimeout(() => {
      began = performance.now();
      controller.abort();
    }, whole * share);
    const aborted = await gpu.scoreImage(picture, { signal: controller.signal }).then(
      () => false,
      () => true,
    );
    clearTimeout(timer);
    if (aborted) delays.push(performance.now() - began);
  }
  if (delays.length > 0) tell({ what: "from an abort to its error", unit: "ms", ours: delays });
  sameBits("after aborts", [await gpu.scoreImage(picture)], [before]);
}

/** One that fails does not keep the others from being made. */
async function step(what: string, job: () => Promise<void>): Promise<void> {
  if (performance.now() > end) {
    say(`${what}: left out, no time`);
    return;
  }
  try {
    await job();
  } catch (error) {
    console.error(`${model.name}: ${what}: ${messageOf(error)}`);
    process.exitCode = 1;
  }
}

const pictures = await Promise.all((await photographs()).map((each) => pictureOf(model, each)));
const picture = await onePicture(model);

await step("starts", starts);
await step("answers", async () => {
  await using gpu = await open("qboost", values.gpu);
  const alone = await compareAnswers(gpu, pictures);
  await step("company", () => compareCompany(gpu, pictures, alone));
  await step("aborts", () => aborts(gpu, picture));
  await step("throughput", () => throughput(gpu, pictures));
});
await step("one question", () => compareSpeed("one question", "qboost", picture));
await step("nine questions", () => compareSpeed("nine questions", nine, picture));
