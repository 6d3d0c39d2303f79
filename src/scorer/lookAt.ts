import { chooseCrops, cut, type Place } from "../media/image/crops.js";
import type { Picture } from "../media/picture.js";
import type { ScoredViews } from "../results/build.js";
import { combineViews, type Views } from "../scoring/views.js";
import type { PreparedPreset } from "./preparedPreset.js";
import { type Judgement, type JudgingOptions, scorePicture } from "./scorePicture.js";
import type { SessionPool } from "./sessionPool.js";

/** What one preset said of a picture, and what that was made of, where there were several looks. */
export interface ViewedJudgement extends Judgement {
  readonly views?: ScoredViews;
}

/**
 * Looks at a picture as a whole and at its crops, side by side where there are sessions, and makes one score of what each
 * preset said of them. The picture's memory goes as soon as nothing needs it.
 */
export async function lookAt(
  picture: Picture,
  treatment: Views,
  sessions: SessionPool,
  presets: readonly PreparedPreset[],
  options: JudgingOptions,
): Promise<ViewedJudgement[]> {
  const places = chooseCrops(picture, treatment);
  const { again } = options;
  const parts = places.map((place) => ({
    crop: cropOf(picture, place), // before the whole is given away
    again: again && (async () => cropOf(await again(), place)),
  }));
  const looks = await allOf([
    scorePicture(sessions, presets, picture, options),
    ...parts.map(({ crop, ...part }) => scorePicture(sessions, presets, crop, { ...options, ...part })),
  ]);
  return presets.flatMap(({ preset, learned }, index) => {
    const [whole, ...others] = looks.flatMap((judgements) => judgements[index] ?? []);
    if (!whole || places.length === 0) return whole ?? [];
    const scores = others.map(({ score }) => score);
    const { trustThreshold } = options;
    const score = combineViews(preset, treatment, whole.score, scores, { trustThreshold, learned });
    const seen = places.flatMap((place, at) => (scores[at] ? [{ place, score: scores[at] }] : []));
    return { ...whole, score, views: { treatment, whole: whole.score, crops: seen } };
  });
}

const cropOf = (picture: Picture, place: Place): Picture => ({ ...cut(picture, place), treatment: [] });

/** As `Promise.all`, but no sooner than all are done: while one is under way, its pixels must not go. */
async function allOf<T>(jobs: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(jobs);
  return Promise.all(jobs);
}
