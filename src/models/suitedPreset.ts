import { DEFAULT_IMAGE_PRESET } from "../prompts/presets.js";
import type { PresetChoice } from "../prompts/loadPreset.js";
import { readCatalogue } from "./catalogue.js";
import { findImported } from "./imported.js";
import { isModelName } from "./modelName.js";

interface Asked {
  readonly model?: string | undefined;
  readonly preset?: PresetChoice | undefined;
  readonly videoPreset?: PresetChoice | undefined;
}

/** What a model that is named as the catalogue or an import names it is best asked, where nobody has said what to ask. */
export async function withSuitedPreset<O extends Asked>(options: O): Promise<O> {
  const { model: name, preset, videoPreset } = options;
  if (name === undefined || preset !== undefined || !isModelName(name)) return options;
  const known = (await readCatalogue()).find((model) => model.name === name) ?? (await findImported(name));
  // The default has another preset for videos.
  if (known?.preset === undefined || known.preset === DEFAULT_IMAGE_PRESET) return options;
  const ofVideos = videoPreset ?? known.videoPreset;
  return { ...options, preset: known.preset, ...(ofVideos !== undefined && { videoPreset: ofVideos }) };
}
