import type { Adaptation } from "./customPreset.js";
import { loadPreset, type PresetChoice } from "./loadPreset.js";
import type { Preset } from "./preset.js";
import { DEFAULT_IMAGE_PRESET, DEFAULT_VIDEO_PRESET } from "./presets.js";
import { mapInTurn } from "../util/mapInTurn.js";

/** What pictures are asked, and what videos are. */
export interface PresetPair {
  readonly image: Preset;
  readonly video: Preset;
}

/** What says which presets are meant. */
interface Asked extends Omit<Adaptation, "prefill"> {
  readonly preset?: PresetChoice | undefined;
  readonly videoPreset?: PresetChoice | undefined;
  readonly alsoPresets?: readonly PresetChoice[] | undefined;
}

/**
 * The presets that options mean: the scorer's own first, then the further ones, each of which asks the same of pictures
 * and videos.
 * @throws {TonescoreError} `ERR_PRESET`
 */
export async function choosePresets(options: Asked): Promise<PresetPair[]> {
  const { preset, videoPreset = preset, alsoPresets = [] } = options;
  const own = await pairOf(preset ?? DEFAULT_IMAGE_PRESET, videoPreset ?? DEFAULT_VIDEO_PRESET, options);
  const others = await mapInTurn(alsoPresets, (also) => pairOf(also, also, options));
  return [own, ...others];
}

async function pairOf(
  imageChoice: PresetChoice,
  videoChoice: PresetChoice,
  { question, tones, temperature, templateArguments }: Asked,
): Promise<PresetPair> {
  const image = await loadPreset(imageChoice);
  const video = videoChoice === imageChoice ? image : await loadPreset(videoChoice);
  const changes = { question, tones, temperature, templateArguments };
  if (Object.values(changes).every((change) => change === undefined)) return { image, video };
  const { adaptPreset } = await import("./customPreset.js"); // which loads the schema
  return { image: adaptPreset(image, changes), video: adaptPreset(video, changes) };
}
