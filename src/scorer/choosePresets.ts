import type { ScorerOptions } from "./options.js";
import { loadPreset } from "../prompts/loadPreset.js";
import type { Preset } from "../prompts/preset.js";
import { DEFAULT_IMAGE_PRESET, DEFAULT_VIDEO_PRESET } from "../prompts/presets.js";

/** The presets that the options mean: for pictures, and for videos. */
export async function choosePresets(options: ScorerOptions): Promise<{ image: Preset; video: Preset }> {
  const image = await loadPreset(options.preset ?? DEFAULT_IMAGE_PRESET);
  const video = await loadPreset(options.videoPreset ?? options.preset ?? DEFAULT_VIDEO_PRESET);
  const { question, tones, temperature, templateArguments } = options;
  const given = [question, tones, temperature, templateArguments];
  if (given.every((option) => option === undefined)) return { image, video };
  const { adaptPreset } = await import("../prompts/customPreset.js"); // which loads the schema
  return { image: adaptPreset(image, options), video: adaptPreset(video, options) };
}
