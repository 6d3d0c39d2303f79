import { basename } from "node:path";
import { expected } from "../../util/expected.js";
import { TonescoreError } from "../../errors.js";
import type { Dataset } from "../../evaluate/datasets/loadDataset.js";
import type { System } from "../../evaluate/evaluate.js";
import { matchScores } from "../../evaluate/matchScores.js";
import { fileInputs } from "../../media/inputs/fileInput.js";
import type { Input } from "../../media/inputs/input.js";
import type { Result } from "../../results/result.js";
import type { BatchScorer, Dependencies } from "../terminal/io.js";
import { typedOf } from "../../options/option.js";
import type { PresetPair } from "../../prompts/choosePresets.js";
import { presetsAsked, readScoring, type Scoring } from "../options/scoring.js";
import { neverTaught } from "../terminal/messages.js";
import { printable } from "../terminal/style.js";
import { sharedOptions, type SourceFlags } from "./options.js";
import { addResult, openPart, type Part, takeEarlier } from "./parts.js";
import { presetOf, type SourceSystems, withNames } from "./systemsFromLogits.js";
import type { CommandRun } from "../terminal/commandRun.js";
import { mapInTurn } from "../../util/mapInTurn.js";

/** Scores a dataset's files by every model and preset: a model at a time, all presets on one encoding. */
export async function systemsFromModels(
  dataset: Dataset,
  flags: SourceFlags,
  presets: readonly PresetPair[],
  run: CommandRun,
  dependencies: Dependencies,
): Promise<System[]> {
  checkMmproj(flags);
  const inputs: Input[] = [];
  const paths = dataset.rows.map(({ path }) => path);
  for await (const input of fileInputs(paths, { signal: run.signal })) inputs.push(input);
  const sources: SourceSystems[] = [];
  const models = flags.model ?? [undefined];
  for (const [index, model] of models.entries()) {
    const scoring = scoringBy(flags, model, flags.mmproj?.[index]);
    const systems = await run.withScorer(dependencies, scoring.scorer, presets, inputs.length, (scorer) =>
      scoreWith(scorer, dataset, inputs, { flags, scoring, run }),
    );
    sources.push({
      source: model === undefined ? "bundled" : basename(model).replace(/\.gguf$/i, ""),
      systems,
    });
  }
  return withNames(sources);
}

function checkMmproj({ model = [], mmproj }: SourceFlags): void {
  if (mmproj === undefined || mmproj.length === model.length) return;
  const what = `an --mmproj for each of the ${model.length} models, or none,`;
  throw expected(what, { received: mmproj.length });
}

/** As `score` would be told to run one of the models. */
const scoringBy = (flags: SourceFlags, model: string | undefined, mmproj: string | undefined): Scoring =>
  readScoring({
    ...typedOf(sharedOptions, flags),
    ...presetsAsked(flags.preset),
    ...(model !== undefined && { model }),
    ...(mmproj !== undefined && { mmproj }),
  });

interface DatasetScoring {
  readonly flags: SourceFlags;
  readonly scoring: Scoring;
  readonly run: CommandRun;
}

async function scoreWith(
  scorer: BatchScorer,
  dataset: Dataset,
  inputs: readonly Input[],
  { flags, scoring, run }: DatasetScoring,
): Promise<System[]> {
  const headers = (await scorer.headersByPreset()).map((header) => ({
    ...header,
    settings: scoring.recorded,
  }));
  const { progress, messages, signal } = run;
  const parts = await mapInTurn(headers, (header) => openPart(header, flags));
  try {
    const todo = inputs.filter((input) => !takeEarlier(parts, input));
    const untaught = new Set<Part>();
    progress.start(todo.map(({ path }) => path));
    const onFrame = (frames: number): void => {
      progress.frames(frames);
    };
    for await (const results of scorer.scoreAllByPreset(todo, {
      ...scoring.video,
      signal,
      onFrame,
    })) {
      await Promise.all(parts.map((part, index) => addResult(part, results[index])));
      progress.oneDone();
      tell(results[0], run);
      for (const part of parts.filter((_, index) => isUnlearned(results[index]))) untaught.add(part);
    }
    for (const { header } of untaught) {
      messages.warn(neverTaught(`the preset "${presetOf(header, areVideos(inputs)).name}"`));
    }
  } finally {
    for (const { writer } of parts) await writer?.close();
  }
  const videos = areVideos(inputs);
  return parts.map(({ header, scores }) => {
    const preset = presetOf(header, videos);
    const { model, mmproj, views } = header;
    return {
      name: preset.name,
      model,
      mmproj,
      preset,
      ...(views && { views }),
      scores: matchScores(dataset, scores),
    };
  });
}

const areVideos = (inputs: readonly Input[]): boolean =>
  inputs.every((input) => "kind" in input && input.kind === "video");

const isUnlearned = (result: Result | undefined): boolean =>
  result !== undefined && result.type !== "error" && result.distrust === "unlearned";

/** The presets share the picture, and so what is wrong with it. */
function tell(result: Result | undefined, { messages }: CommandRun): void {
  if (result?.type !== "error" || result.error.code === "ERR_ABORTED") return;
  messages.error(
    new TonescoreError(result.error.code, result.error.message),
    printable(result.input.path ?? ""),
  );
}
