import { Budget } from "../util/budget.js";
import { makeHeaders } from "./makeHeaders.js";
import { Inference } from "./inference.js";
import { chooseEngine } from "../native/chooseEngine.js";
import type { NativeModelInfo } from "../native/addon.js";
import type { OpenEngine } from "../native/engine.js";
import { knownModel } from "../models/catalogue.js";
import { loadDecoder } from "../media/image/loadDecoder.js";
import { resolveModel } from "../models/resolve.js";
import { withSuitedPreset } from "../models/suitedPreset.js";
import { type ResolvedScorerOptions, resolveScorerOptions, type ScorerOptions } from "./options.js";
import { picturesAtOnce } from "./sessionPool.js";
import { PictureScorer } from "./pictureScorer.js";
import { PreparedPreset } from "./preparedPreset.js";
import { choosePresets, type PresetPair } from "../prompts/choosePresets.js";
import type { Preset } from "../prompts/preset.js";
import { sideOfSquares } from "../models/families/families.js";
import { readTemplate } from "../prompts/readTemplate.js";
import { Scorer } from "./scorer.js";
import { mapInTurn } from "../util/mapInTurn.js";
import { VideoScorer } from "./videoScorer.js";
import { viewsOf } from "../scoring/views.js";

/**
 * A picture that keeps so many times the side that the model is shown may be decoded smaller: the score stays within
 * 0.005 of that of a full decode (bench/shrink.ts).
 */
const TIMES_THE_SIDE = 3;

/**
 * Loads a model and makes it ready to score. Everything that is wrong with the model, the presets or the options comes
 * to light here, before the first picture.
 * @throws {TonescoreError} `ERR_MODEL_NOT_FOUND`, `ERR_MODEL_INVALID`, `ERR_MMPROJ_MISMATCH`, `ERR_NO_VISION`,
 * `ERR_NATIVE_LOAD`, `ERR_OUT_OF_MEMORY`, `ERR_ENGINE_CRASHED`, `ERR_PRESET`, `ERR_CHAT_TEMPLATE`, `ERR_ANSWER_TOKENS`,
 * `ERR_INVALID_ARGUMENT`, `ERR_ABORTED`
 */
export async function createScorer(options: ScorerOptions = {}): Promise<Scorer> {
  const resolved = resolveScorerOptions(options);
  return openScorer(resolved, await choosePresets(await withSuitedPreset(resolved)));
}

/** As {@link createScorer}, with presets that were read already, on another engine where one is given. */
export async function openScorer(
  options: ResolvedScorerOptions,
  presets: readonly PresetPair[],
  engine?: OpenEngine,
): Promise<Scorer> {
  const { model: modelPath, mmproj, template: templateChoice, ...others } = options;
  const { template: needed, ...files } = await resolveModel(modelPath, mmproj);
  const template = await readTemplate(templateChoice ?? needed);
  const open = engine ?? (await chooseEngine(options.isolate));
  // sharp's libraries are loaded here while the model's thread reads the weights.
  const decoder = loadDecoder();
  decoder.catch(() => undefined); // told once there is a model that can be closed
  const inference = await Inference.open(files, others, open);
  try {
    const decodeImage = await decoder;
    const known = await knownModel(inference.engine.info.name);
    const learned = known && new Set(known.learned);
    const prepare = (preset: Preset): Promise<PreparedPreset> =>
      PreparedPreset.prepare(preset, inference.engine, template, learned);
    const prepared = await mapInTurn(presets, async ({ image, video }) => ({
      image: await prepare(image),
      video: await prepare(video),
    }));
    const { maxPixels, ffmpeg, trustThreshold, scale, onWarning } = others;
    const views = viewsOf(others.views ?? known?.views ?? "whole");
    const side = known?.side ?? sideOfSquares(inference.engine.info);
    const pixels = new Budget(maxPixels);
    const manner = { ffmpeg, trustThreshold, scale, pixels };
    return new Scorer({
      inference,
      presets: prepared,
      pictures: new PictureScorer(manner, decodeImage, {
        views,
        onWarning,
        atOnce: picturesAtOnce(inference.mostSessions),
        atOwnSize: views.crops > 0 || !known,
        ...(side !== undefined && { enough: TIMES_THE_SIDE * side }),
      }),
      videos: new VideoScorer(inference, manner, contextOf(inference.engine.info, others)),
      makeHeaders: () => makeHeaders(files, inference, prepared, views),
    });
  } catch (error) {
    await inference.close();
    throw error;
  }
}

/** The most tokens of a prompt. */
const contextOf = (
  { contextLength }: NativeModelInfo,
  { maxContext = contextLength }: Pick<ResolvedScorerOptions, "maxContext">,
): number => Math.min(contextLength, maxContext);
