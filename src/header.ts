import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Inference } from "./inference.js";
import { hashFile } from "./models/hash.js";
import type { ModelFiles } from "./models/resolve.js";
import { nativeAddon } from "./native/load.js";
import type { PreparedPreset } from "./prepared.js";
import { presetHash } from "./prompts/presetHash.js";
import { type FileIdentity, type PresetIdentity, RESULT_VERSION, type RunHeader } from "./result.js";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

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

/** What all results of a run have in common. */
export async function makeHeader(
  files: ModelFiles,
  inference: Inference,
  image: PreparedPreset,
  video: PreparedPreset,
): Promise<RunHeader> {
  const [model, mmproj] = await Promise.all([identify(files.model), identify(files.mmproj)]);
  return {
    type: "header",
    version: RESULT_VERSION,
    tonescore: version,
    llamaCpp: nativeAddon().llamaCpp,
    model,
    mmproj,
    presets: { image: describe(image), video: describe(video) },
    templateArguments: image.preset.templateArguments,
    backend: inference.backend,
    threads: inference.threads,
  };
}
