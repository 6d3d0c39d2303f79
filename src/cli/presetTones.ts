import type { ScorerOptions } from "../options.js";
import { choosePresets } from "../presetChoice.js";

/**
 * The names of all tones that a run can give, in the order of its presets. Reading them first also tells of a mistake
 * in a preset before a model is loaded.
 */
export async function presetTones(options: ScorerOptions): Promise<string[]> {
  const { image, video } = await choosePresets(options);
  return [...new Set([...image.tones, ...video.tones].map((tone) => tone.name))];
}
