/** What TypeScript says to a program that uses the built package. Nothing here is run: compiling it is the test. */
import { readFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import { expectTypeOf } from "expect-type";
import {
  createScorer,
  type ErrorCode,
  evaluate,
  findInputs,
  loadDataset,
  loadPreset,
  parsePreset,
  poolFrames,
  type Preset,
  type PresetInput,
  readLogits,
  rescore,
  type Result,
  scoreLogits,
  type Scorer,
  type ScorerOptions,
  TonescoreError,
  type VideoOptions,
} from "tonescore";

export async function scoring(stream: Readable, signal: AbortSignal): Promise<void> {
  await using scorer = await createScorer({ preset: "sharpness", scale: "percent", signal });
  expectTypeOf(scorer).toEqualTypeOf<Scorer>();

  const picture = await scorer.scoreImage(await readFile("photo.jpg"), { signal });
  expectTypeOf(picture.type).toEqualTypeOf<"image">();
  expectTypeOf(picture.score).toBeNumber();
  expectTypeOf(picture.input.path).toEqualTypeOf<string | undefined>();
  await scorer.scoreImage(new URL("file:///photo.jpg"));
  await scorer.scoreImage({ data: new Uint8Array(12), width: 2, height: 2 });
  // @ts-expect-error a number is no picture
  await scorer.scoreImage(5);
  // @ts-expect-error pixels have a size
  await scorer.scoreImage({ data: new Uint8Array(12) });

  const video = await scorer.scoreVideo(stream, { frames: 8, pooling: "percentile:10" });
  for (const { time } of video.frames) expectTypeOf(time).toBeNumber();
  // @ts-expect-error there is no such rule
  await scorer.scoreVideo(stream, { pooling: "median" });

  for await (const result of scorer.scoreAll(findInputs(["holiday/"]))) {
    expectTypeOf(result).toEqualTypeOf<Result>();
    if (result.type === "error") {
      expectTypeOf(result.error.code).toEqualTypeOf<ErrorCode>();
      // @ts-expect-error an error has no score
      expectTypeOf(result.score).toBeNumber();
    } else {
      expectTypeOf(result.score).toBeNumber();
    }
  }
  for await (const results of scorer.scoreAllByPreset(["photo.jpg"])) {
    expectTypeOf(results).toEqualTypeOf<Result[]>();
  }
}

export function options(): void {
  expectTypeOf<{ gpu: "cuda"; threads: 2 }>().toExtend<ScorerOptions>();
  expectTypeOf<{ gpu: "yes" }>().not.toExtend<ScorerOptions>();
  expectTypeOf<{ scale: "stars" }>().not.toExtend<ScorerOptions>();
  expectTypeOf<{ threads: "2" }>().not.toExtend<ScorerOptions>();
  expectTypeOf<{ preset: "qboost" | PresetInput }>().toExtend<ScorerOptions>();
  expectTypeOf<VideoOptions["fps"]>().toEqualTypeOf<number | undefined>();
  // @ts-expect-error a misspelled option
  void createScorer({ presets: "qboost" });
}

export async function presets(): Promise<void> {
  expectTypeOf(await loadPreset("qboost")).toEqualTypeOf<Preset>();
  const written: PresetInput = {
    name: "light",
    questions: [{ question: "Is the light of the image pleasant?" }],
    tones: [
      { name: "yes", weight: 1, words: ["yes"] },
      { name: "no", weight: 0, words: ["no"] },
    ],
  };
  const preset = parsePreset(written);
  expectTypeOf(preset.combine).toEqualTypeOf<"logits" | "probabilities">();
  expectTypeOf<{ name: "light" }>().not.toExtend<PresetInput>();
  const score = scoreLogits(preset, { logits: [[1, 2]], logSumExp: [3] });
  expectTypeOf(score.trusted).toBeBoolean();
  expectTypeOf(poolFrames(preset, [{ ...score, time: 0 }]).score).toBeNumber();
}

export async function agreement(): Promise<void> {
  const dataset = await loadDataset("list.csv");
  const preset = await loadPreset("qboost");
  const scored = rescore(await readLogits("results.ndjson"), { image: preset, video: preset });
  const scores = new Map(scored.flatMap((row) => ("score" in row ? [[row.path, row.score] as const] : [])));
  const evaluation = evaluate(dataset, [{ name: "qboost", scores }]);
  expectTypeOf(evaluation).not.toBeAny();
}

export function failing(error: unknown): void {
  if (!(error instanceof TonescoreError)) return;
  expectTypeOf(error.code).toEqualTypeOf<ErrorCode>();
  expectTypeOf<"ERR_IMAGE_DECODE">().toExtend<ErrorCode>();
  expectTypeOf<"ERR_SOMETHING">().not.toExtend<ErrorCode>();
}
