import { TonescoreError } from "../../errors.js";
import type { ScorerOptions } from "../../scorer/options.js";
import { choosePresets } from "../../scorer/choosePresets.js";

/** A preset of a run as far as formats care. */
export interface RunPreset {
  /** As results name it; by default pictures and videos are asked by two. */
  readonly image: string;
  readonly video: string;
  /** The names of all tones that it can give. */
  readonly tones: readonly string[];
}

/**
 * The presets of a run in their order. Reading them first also tells of a mistake in one before a model is loaded.
 * @throws {TonescoreError} `ERR_PRESET`; `ERR_INVALID_ARGUMENT` where two have the same name, which tells their results apart
 */
export async function runPresets({ alsoPresets = [], ...main }: ScorerOptions): Promise<RunPreset[]> {
  const presets = [await describe(main)];
  for (const preset of alsoPresets) presets.push(await describe({ ...main, preset }));
  checkDistinct(presets.map(({ image }) => image));
  return presets;
}

/** @throws {TonescoreError} `ERR_INVALID_ARGUMENT` where two presets of a run have the same name */
export function checkDistinct(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return;
  throw new TonescoreError(
    "ERR_INVALID_ARGUMENT",
    `Expected presets with names of their own, but two are called "${twice}". Leave one out, or rename it.`,
  );
}

async function describe(options: ScorerOptions): Promise<RunPreset> {
  const { image, video } = await choosePresets(options);
  const tones = new Set([...image.tones, ...video.tones].map((tone) => tone.name));
  return { image: image.name, video: video.name, tones: [...tones] };
}
