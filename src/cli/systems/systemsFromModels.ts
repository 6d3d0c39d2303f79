import { basename, extname } from "node:path";
import { TonescoreError } from "../../errors.js";
import type { Dataset } from "../../evaluate/datasets/loadDataset.js";
import type { System } from "../../evaluate/evaluate.js";
import { matchScores } from "../../evaluate/matchScores.js";
import { fileInputs } from "../../media/inputs/fileInput.js";
import type { Input } from "../../media/inputs/input.js";
import type { Result } from "../../results/result.js";
import type { BatchScorer, Dependencies } from "../terminal/io.js";
import type { Progress } from "../terminal/progress.js";
import type { ScoreFlags } from "../options/scoreOptions.js";
import { pick, readSettings, type Settings } from "../options/settings.js";
import { neverTaught } from "../terminal/messages.js";
import { printable } from "../terminal/style.js";
import type { SourceFlags } from "./options.js";
import { addResult, openPart, type Part, takeEarlier } from "./parts.js";
import { presetOf, type SourceSystems, withNames } from "./systemsFromLogits.js";
import type { Watch } from "../terminal/watch.js";
import { mapInTurn } from "../../util/mapInTurn.js";

/** Scores a dataset's files by every model and preset: a model at a time, all presets on one encoding. */
export async function systemsFromModels(
  dataset: Dataset,
  flags: SourceFlags,
  watch: Watch,
  { createScorer }: Dependencies,
): Promise<System[]> {
  checkMmproj(flags);
  const inputs: Input[] = [];
  const paths = dataset.rows.map(({ path }) => path);
  for await (const input of fileInputs(paths, { signal: watch.signal })) inputs.push(input);
  const sources: SourceSystems[] = [];
  const models = flags.model ?? [undefined];
  for (const [index, model] of models.entries()) {
    const settings = settingsFor(flags, model, flags.mmproj?.[index]);
    const progress = watch.progress();
    const onLoad = (fraction: number): void => {
      progress.phase("loading the model", fraction);
    };
    const scorer = await createScorer({
      ...settings.scorer,
      alsoPresets: flags.preset?.slice(1) ?? [],
      ...(flags.temperature !== undefined && { temperature: flags.temperature }),
      signal: watch.signal,
      onLoad,
    });
    try {
      const systems = await scoreWith(scorer, dataset, inputs, { flags, settings, watch, progress });
      sources.push({ source: model === undefined ? "bundled" : basename(model, extname(model)), systems });
    } finally {
      progress.stop();
      await scorer.close();
    }
  }
  return withNames(sources);
}

function checkMmproj({ model = [], mmproj }: SourceFlags): void {
  if (mmproj === undefined || mmproj.length === model.length) return;
  throw new TonescoreError(
    "ERR_INVALID_ARGUMENT",
    `Expected an --mmproj for each of the ${model.length} models, or none, but received ${mmproj.length}.`,
  );
}

const sharedNames = [
  ...(["question", "tones", "template", "templateArg", "threads", "gpu", "maxContext"] as const),
  ...(["imageMinTokens", "imageMaxTokens", "ffmpeg", "fps", "frames", "every", "pooling"] as const),
];

/** As `score` would be told to run one of the models, with the first preset. */
function settingsFor(flags: SourceFlags, model: string | undefined, mmproj: string | undefined): Settings {
  const preset = flags.preset?.[0];
  const scoreFlags: ScoreFlags = {
    ...pick(flags, sharedNames),
    ...(preset !== undefined && { preset }),
    ...(model !== undefined && { model }),
    ...(mmproj !== undefined && { mmproj }),
  };
  return readSettings(scoreFlags, false);
}

interface Run {
  readonly flags: SourceFlags;
  readonly settings: Settings;
  readonly watch: Watch;
  readonly progress: Progress;
}

async function scoreWith(
  scorer: BatchScorer,
  dataset: Dataset,
  inputs: readonly Input[],
  { flags, settings, watch, progress }: Run,
): Promise<System[]> {
  const headers = (await scorer.headersByPreset()).map((header) => ({ ...header, settings: settings.run }));
  const parts = await mapInTurn(headers, (header) => openPart(header, flags));
  try {
    const todo = inputs.filter((input) => !takeEarlier(parts, input));
    const untaught = new Set<Part>();
    progress.start(todo.map(({ path }) => path));
    const onFrame = (frames: number): void => {
      progress.frames(frames);
    };
    for await (const results of scorer.scoreAllByPreset(todo, {
      ...settings.video,
      signal: watch.signal,
      onFrame,
    })) {
      await Promise.all(parts.map((part, index) => addResult(part, results[index])));
      progress.oneDone();
      tell(results[0], watch);
      for (const part of parts.filter((_, index) => isUnlearned(results[index]))) untaught.add(part);
    }
    for (const { header } of untaught) {
      watch.messages.warn(neverTaught(`the preset "${presetOf(header, areVideos(inputs)).name}"`));
    }
  } finally {
    for (const { writer } of parts) await writer?.close();
  }
  const videos = areVideos(inputs);
  return parts.map(({ header, scores }) => {
    const preset = presetOf(header, videos);
    const { model, mmproj } = header;
    return { name: preset.name, model, mmproj, preset, scores: matchScores(dataset, scores) };
  });
}

const areVideos = (inputs: readonly Input[]): boolean =>
  inputs.every((input) => "kind" in input && input.kind === "video");

const isUnlearned = (result: Result | undefined): boolean =>
  result !== undefined && result.type !== "error" && result.distrust === "unlearned";

/** The presets share the picture, and so what is wrong with it. */
function tell(result: Result | undefined, { messages }: Watch): void {
  if (result?.type !== "error" || result.error.code === "ERR_ABORTED") return;
  messages.error(
    new TonescoreError(result.error.code, result.error.message),
    printable(result.input.path ?? ""),
  );
}
