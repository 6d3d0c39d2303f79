import { expected } from "../../util/expected.js";
import { choosePresets, type PresetPair } from "../../prompts/choosePresets.js";
import { withSuitedPreset } from "../../models/suitedPreset.js";
import type { ScoringFlags } from "./scoring.js";

/** A preset of a run as far as formats care. */
export interface RunPreset {
  /** As results name it; by default pictures and videos are asked by two. */
  readonly image: string;
  readonly video: string;
  /** The names of all tones that it can give. */
  readonly tones: readonly string[];
}

/**
 * Reads the presets of a run, in their order, which tells of a mistake in one before a model is loaded.
 * @throws {TonescoreError} `ERR_PRESET`; `ERR_INVALID_ARGUMENT` where two have the same name, which tells their results apart
 */
export async function readPresets(scorer: ScoringFlags): Promise<PresetPair[]> {
  const pairs = await choosePresets(await withSuitedPreset(scorer));
  const names = pairs.map(({ image }) => image.name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return pairs;
  throw expected("presets with names of their own", {
    but: `two are called "${twice}"`,
    remedy: "Leave one out, or rename it.",
  });
}

export function describePreset({ image, video }: PresetPair): RunPreset {
  const tones = new Set([...image.tones, ...video.tones].map((tone) => tone.name));
  return { image: image.name, video: video.name, tones: [...tones] };
}
