import { basename, extname } from "node:path";
import { TonescoreError } from "../../errors.js";
import type { Dataset } from "../../evaluate/dataset.js";
import type { System } from "../../evaluate/evaluate.js";
import { datasetOf, matchScores } from "../../evaluate/matchScores.js";
import { type PresetPair, rescore } from "../../evaluate/rescore.js";
import { readLogits, type StoredLogits } from "../../evaluate/storedLogits.js";
import { choosePresets } from "../../presetChoice.js";
import { adaptPreset } from "../../prompts/customPreset.js";
import { presetHash } from "../../prompts/presetHash.js";
import type { PresetIdentity, RunHeader } from "../../result.js";
import type { SourceFlags } from "./options.js";

export interface Systems {
  readonly dataset: Dataset;
  readonly systems: readonly System[];
}

/** Scores that need no model: those that presets give the logits of stored results. */
export async function systemsFromLogits(
  files: readonly string[],
  dataset: Dataset | undefined,
  flags: SourceFlags,
): Promise<Systems> {
  const stored = await Promise.all(files.map(readLogits));
  const [first] = stored;
  if (!first) throw new TonescoreError("ERR_INVALID_ARGUMENT", "--from-logits needs a file.");
  const rated = dataset ?? datasetOf(first);
  const systems: System[] = [];
  for (const logits of stored) {
    for (const name of flags.preset ?? [undefined]) {
      const presets = await presetsFor(name, logits.header, flags);
      systems.push({
        ...describe(logits, presets),
        scores: matchScores(rated, rescore(logits, presets, flags.pooling)),
      });
    }
  }
  return {
    dataset: rated,
    systems: withNames(
      systems,
      files.map((file) => basename(file, extname(file))),
    ),
  };
}

/** The presets that a run was made with, unless others are named. */
async function presetsFor(name: string | undefined, header: RunHeader | undefined, flags: SourceFlags) {
  if (name !== undefined) return choosePresets({ ...changes(flags), preset: name });
  if (!header) return choosePresets({ ...changes(flags), preset: "qbench" });
  const { image, video } = header.presets;
  return {
    image: adaptPreset(image.recipe, changes(flags)),
    video: adaptPreset(video.recipe, changes(flags)),
  };
}

const changes = ({ question, tones, temperature }: SourceFlags) => ({
  ...(question !== undefined && { question }),
  ...(tones !== undefined && { tones }),
  ...(temperature !== undefined && { temperature }),
});

/** The preset that the results of a run are of; pictures and videos are asked by two. */
export const presetOf = ({ presets }: RunHeader, videos: boolean): PresetIdentity =>
  videos ? presets.video : presets.image;

function describe({ header, results }: StoredLogits, { image, video }: PresetPair): Omit<System, "scores"> {
  const videos = results.every(({ type }) => type === "video" || type === "error");
  const recipe = videos ? video : image;
  if (!header) return { name: recipe.name };
  const { prompts } = presetOf(header, videos);
  const { name, temperature } = recipe;
  const preset = { name, hash: presetHash(recipe), prompts, temperature, recipe };
  return { name, model: header.model, mmproj: header.mmproj, preset };
}

/**
 * Says what sets systems apart: the preset's name, after that of the source (a model, a file) where there are several,
 * and a number where that is not enough.
 * @param sources one for as many systems as there are presets.
 */
export function withNames(systems: readonly System[], sources: readonly string[]): System[] {
  const perSource = systems.length / sources.length;
  const seen = new Map<string, number>();
  return systems.map((system, index) => {
    const source = sources[Math.floor(index / perSource)] ?? "";
    const name = sources.length === 1 ? system.name : perSource === 1 ? source : `${source} ${system.name}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return { ...system, name: count === 1 ? name : `${name} ${count}` };
  });
}
