import type { ScorerOptions } from "./options.js";
import { customPreset } from "./prompts/customPreset.js";
import { loadPreset } from "./prompts/loadPreset.js";
import { parsePreset, type Preset } from "./prompts/preset.js";
import { DEFAULT_IMAGE_PRESET, DEFAULT_VIDEO_PRESET } from "./prompts/presets.js";

/** The presets that the options mean: for pictures, and for videos. */
export async function choosePresets(options: ScorerOptions): Promise<{ image: Preset; video: Preset }> {
  const image = await loadPreset(options.preset ?? DEFAULT_IMAGE_PRESET);
  const video = await loadPreset(options.videoPreset ?? options.preset ?? DEFAULT_VIDEO_PRESET);
  return { image: adapt(image, options), video: adapt(video, options) };
}

function adapt(preset: Preset, { question, tones, templateArguments }: ScorerOptions): Preset {
  const adapted =
    question === undefined && tones === undefined ? preset : customPreset({ question, tones }, preset);
  if (!templateArguments) return adapted;
  const merged = { ...adapted, templateArguments: { ...adapted.templateArguments, ...templateArguments } };
  return parsePreset(merged, "the template arguments given");
}
