import { expected } from "../util/expected.js";
import { checkArgument, oneOf } from "../util/arguments.js";
import type { TonescoreError } from "../errors.js";
import { partsByPreset, type PresetPart } from "../results/partsByPreset.js";
import type { PresetPair } from "../prompts/choosePresets.js";
import type { Preset } from "../prompts/preset.js";
import { squaringOf } from "../prompts/squaring.js";
import type { Answer, ImageResult, RunHeader, VideoResult } from "../results/result.js";
import { parsePooling } from "../scoring/pooling.js";
import { type LogitReading, type Score, scoreLogits } from "../scoring/score.js";
import { poolFrames } from "../scoring/video.js";
import { combineViews, viewsNames, type ViewsName } from "../scoring/views.js";
import * as kinds from "./kinds.js";
import type { RawLogits } from "./qbench/rawLogits.js";
import type { StoredLogits, StoredResult } from "./storedLogits.js";

const viewsKind = oneOf(viewsNames);

export interface ScoredPath {
  readonly path: string;
  readonly score: number;
}

/**
 * The scores, 0 to 1, that other presets give the same logits: other temperatures, weights, words of those asked for.
 * Failed inputs have none. Of a run of several presets, those results count that were asked the same.
 * @param pooling of videos; default the one that their results name.
 * @param views of pictures; default those that were looked at, and `whole` leaves their crops out.
 * @throws {TonescoreError} `ERR_PRESET` where the preset asks what was not asked, or needs other words; `ERR_DATASET`
 * where not all frames of a video are there, or crops that were not looked at are asked for
 */
export function rescore(
  stored: StoredLogits,
  presets: PresetPair,
  pooling?: string,
  views?: ViewsName,
): ScoredPath[] {
  checkArgument("the logits", stored, kinds.stored);
  checkArgument("the presets", presets, kinds.presetPair);
  if (pooling !== undefined) parsePooling(pooling);
  if (views !== undefined) checkArgument("the views", views, viewsKind);
  const { path } = stored;
  const { header, results } = partFor(stored, presets);
  if (views !== undefined) checkSeen(path, header, views);
  return results.flatMap((result) => {
    if (result.type === "error" || result.input.path === undefined) return [];
    if (header && result.type !== "raw") checkAsked(path, header, presets, result.type);
    return [{ path: result.input.path, score: scoreOf(path, result, presets, { pooling, views }) }];
  });
}

type Part = PresetPart<RunHeader | undefined, StoredResult>;

/** The part of a run that presets can be scored from; where none is, all of it, which says why. */
export function partFor({ header, results }: StoredLogits, presets: PresetPair): Part {
  const whole = { header, results };
  const kindsThere = (["image", "video"] as const).filter((kind) =>
    results.some(({ type }) => type === kind),
  );
  const fitting = partsByPreset(whole).find((part) =>
    kindsThere.every((kind) => part.header && fits(part.header, kind, presets[kind])),
  );
  return fitting ?? whole;
}

const wordsOf = ({ tones }: Preset): string[] => tones.flatMap(({ words }) => words);

const fits = (header: RunHeader, kind: "image" | "video", preset: Preset): boolean =>
  differenceOf(header, kind, preset) === undefined &&
  wordsOf(preset).every((word) => wordsOf(header.presets[kind].recipe).includes(word));

function scoreOf(
  file: string,
  result: Exclude<StoredResult, { type: "error" }>,
  { image, video }: PresetPair,
  { pooling, views }: { readonly pooling: string | undefined; readonly views: ViewsName | undefined },
): number {
  if (result.type === "raw") return scoreLogits(image, readRaw(file, result, image)).score;
  if (result.type === "image") return scoreOfViews(file, result, image, views);
  checkFrames(file, result);
  const frames = result.frames.map(({ time, answers }) => ({
    ...scoreLogits(video, reading(file, answers, video)),
    time,
  }));
  return poolFrames(video, frames, parsePooling(pooling ?? result.pooling)).score;
}

function scoreOfViews(file: string, result: ImageResult, preset: Preset, asked?: ViewsName): number {
  const scoreOf = (answers: readonly Answer[]): Score => scoreLogits(preset, reading(file, answers, preset));
  const whole = scoreOf(result.answers);
  if (!result.views || asked === "whole") return whole.score;
  const { treatment, crops } = result.views;
  const scores = crops.map(({ answers }) => scoreOf(answers));
  return combineViews(preset, treatment, whole, scores).score;
}

/** The whole is there always. */
function checkSeen(file: string, header: RunHeader | undefined, views: ViewsName): void {
  const seen = header?.views?.name ?? "whole";
  if (views === "whole" || views === seen) return;
  throw expected(`pictures that were looked at as "${views}" says, in "${file}"`, {
    code: "ERR_DATASET",
    but: `they were looked at as "${seen}" says`,
    remedy: "Score the files anew.",
  });
}

/** A feed with running scores lets its earlier frames go. */
function checkFrames(file: string, { input: { path = "" }, framesLeftOut }: VideoResult): void {
  if (framesLeftOut === undefined) return;
  throw expected(`all frames of the video "${path}" in "${file}"`, {
    code: "ERR_DATASET",
    but: `${framesLeftOut} of its frames are not there, as in a run with --running`,
    remedy: "Leave it out, or score it without.",
  });
}

function reading(file: string, answers: readonly Answer[], preset: Preset): LogitReading {
  const chosen = preset.questions.map(({ question }) => {
    const answer = answers.find((one) => one.question === question);
    if (answer) return answer;
    throw notAsked(
      file,
      preset,
      `it asks "${question}"`,
      answers.map((one) => one.question),
    );
  });
  return {
    logits: chosen.map(({ words }) =>
      logitsOf(file, preset, new Map(words.map(({ word, logit }) => [word, logit]))),
    ),
    logSumExp: chosen.map(({ logSumExp }) => logSumExp),
  };
}

/** Their log-sum-exp is unknown, which only the answer mass needs. */
const readRaw = (file: string, { logits }: RawLogits, preset: Preset): LogitReading => ({
  logits: [logitsOf(file, preset, logits)],
  logSumExp: [0],
});

function logitsOf(file: string, preset: Preset, logits: ReadonlyMap<string, number>): number[] {
  return wordsOf(preset).map((word) => {
    const logit = logits.get(word);
    if (logit !== undefined) return logit;
    throw notAsked(file, preset, `it needs the word "${word}"`, [...logits.keys()]);
  });
}

function notAsked(file: string, { name }: Preset, what: string, there: readonly string[]): TonescoreError {
  return expected(`logits in "${file}"`, {
    code: "ERR_PRESET",
    for: `the preset "${name}"`,
    but: `${what}, and the file has ${there.map((one) => `"${one}"`).join(", ")}`,
  });
}

/** The same words after another prompt, or on another treatment of the picture, are other logits. */
function checkAsked(file: string, header: RunHeader, presets: PresetPair, kind: "image" | "video"): void {
  const what = differenceOf(header, kind, presets[kind]);
  if (what === undefined) return;
  const names = [header.presets, ...(header.alsoPresets ?? [])].map((each) => `"${each[kind].name}"`);
  throw expected(`logits in "${file}"`, {
    code: "ERR_PRESET",
    for: `the preset "${presets[kind].name}"`,
    but: `it was written with ${names.join(" and ")}, and they differ in ${what}`,
    remedy: "Score the files anew.",
  });
}

function differenceOf(
  { presets, family }: RunHeader,
  kind: "image" | "video",
  preset: Preset,
): string | undefined {
  const stored = presets[kind].recipe;
  const asked = ({ questions }: Preset): string[] => questions.map((question) => JSON.stringify(question));
  if (asked(preset).some((question) => !asked(stored).includes(question))) return "questions or prefill";
  const fields = ["system", "template", "templateArguments", "answer", "frames"] as const;
  const differing: string[] = fields.filter((field) => !isSame(stored[field], preset[field]));
  if (!isSame(squaringOf(stored, family), squaringOf(preset, family))) differing.push("picture");
  return differing.length === 0 ? undefined : differing.join(", ");
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
