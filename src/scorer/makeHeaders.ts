import { basename } from "node:path";
import type { Inference } from "./inference.js";
import { hashFile } from "../util/hashFile.js";
import type { ModelFiles } from "../models/resolve.js";
import type { PreparedPreset } from "./preparedPreset.js";
import { presetHash } from "../prompts/presetHash.js";
import { type FileIdentity, type PresetIdentity, RESULT_VERSION, type RunHeader } from "../results/result.js";
import type { Views } from "../scoring/views.js";
import { version } from "../version.js";

const identify = async (path: string): Promise<FileIdentity> => ({
  path,
  name: basename(path),
  sha256: await hashFile(path),
});

const describe = ({ preset, prompts }: PreparedPreset): PresetIdentity => ({
  name: preset.name,
  hash: presetHash(preset),
  prompts,
  temperature: preset.temperature,
  recipe: preset,
});

/** What a run asks of pictures, and of videos. */
export interface PreparedPair {
  readonly image: PreparedPreset;
  readonly video: PreparedPreset;
}

/** What all results of a run have in common, for each of its presets. */
export async function makeHeaders(
  files: ModelFiles,
  { engine: { llamaCpp, backend }, family, threads }: Inference,
  presets: readonly PreparedPair[],
  views: Views,
): Promise<RunHeader[]> {
  const [model, mmproj] = await Promise.all([identify(files.model), identify(files.mmproj)]);
  return presets.map(({ image, video }) => ({
    type: "header",
    version: RESULT_VERSION,
    tonescore: version,
    llamaCpp,
    model,
    mmproj,
    presets: { image: describe(image), video: describe(video) },
    ...(family && { family }),
    views,
    templateArguments: image.preset.templateArguments,
    backend,
    threads,
  }));
}
