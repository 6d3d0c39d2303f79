import { basename, extname } from "node:path";
import { expected } from "../../util/expected.js";
import type { Dataset } from "../../evaluate/datasets/loadDataset.js";
import type { System } from "../../evaluate/evaluate.js";
import { datasetOf, matchScores, nameOf, namesIn } from "../../evaluate/matchScores.js";
import { partFor, rescore } from "../../evaluate/rescore.js";
import { readLogits, type StoredLogits } from "../../evaluate/storedLogits.js";
import { choosePresets, type PresetPair } from "../../prompts/choosePresets.js";
import { adaptPreset } from "../../prompts/customPreset.js";
import { presetHash } from "../../prompts/presetHash.js";
import type { PresetIdentity, RunHeader } from "../../results/result.js";
import { viewsOf } from "../../scoring/views.js";
import { presetsAsked } from "../options/scoring.js";
import type { SourceFlags } from "./options.js";
import { mapInTurn } from "../../util/mapInTurn.js";

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
  const names = dataset && namesIn(dataset);
  const stored = await mapInTurn(files, (file) =>
    readLogits(file, names && ((path) => names.has(nameOf(path)))),
  );
  const [first] = stored;
  if (!first) throw expected("a file", { for: "--from-logits", but: "none is named" });
  const rated = dataset ?? datasetOf(first);
  const sources: SourceSystems[] = [];
  for (const logits of stored) {
    const pairs = await presetsFor(logits.header, flags);
    const systems = pairs.map((presets) => ({
      ...describe(logits, presets, flags),
      scores: matchScores(rated, rescore(logits, presets, flags.pooling, flags.views)),
    }));
    sources.push({ source: basename(logits.path, extname(logits.path)), systems });
  }
  return { dataset: rated, systems: withNames(sources) };
}

/** The presets that a run was made with, unless others are named. */
async function presetsFor(header: RunHeader | undefined, flags: SourceFlags): Promise<PresetPair[]> {
  if (flags.preset || !header) {
    return choosePresets({ ...changes(flags), ...presetsAsked(flags.preset ?? ["qbench"]) });
  }
  return [header.presets, ...(header.alsoPresets ?? [])].map(({ image, video }) => ({
    image: adaptPreset(image.recipe, changes(flags)),
    video: adaptPreset(video.recipe, changes(flags)),
  }));
}

const changes = ({ question, tones, temperature }: SourceFlags) => ({
  ...(question !== undefined && { question }),
  ...(tones !== undefined && { tones }),
  ...(temperature !== undefined && { temperature }),
});

/** The preset that the results of a run are of; pictures and videos are asked by two. */
export const presetOf = ({ presets }: RunHeader, videos: boolean): PresetIdentity =>
  videos ? presets.video : presets.image;

function describe(
  stored: StoredLogits,
  presets: PresetPair,
  { views: asked }: SourceFlags,
): Omit<System, "scores"> {
  const { image, video } = presets;
  const { header, results } = partFor(stored, presets);
  const videos = results.every(({ type }) => type === "video" || type === "error");
  const recipe = videos ? video : image;
  if (!header) return { name: recipe.name };
  const { prompts } = presetOf(header, videos);
  const { name, temperature } = recipe;
  const preset = { name, hash: presetHash(recipe), prompts, temperature, recipe };
  const views = asked === "whole" ? viewsOf(asked) : header.views;
  return { name, model: header.model, mmproj: header.mmproj, preset, ...(views && { views }) };
}

/** The systems of a model or a file. */
export interface SourceSystems {
  readonly source: string;
  readonly systems: readonly System[];
}

/**
 * Says what sets systems apart: the preset's name, after that of the source where there are several, and a number where
 * that is not enough.
 */
export function withNames(sources: readonly SourceSystems[]): System[] {
  const onePreset = sources.every(({ systems }) => systems.length === 1);
  const seen = new Map<string, number>();
  const named = (system: System, source: string): System => {
    const name = sources.length === 1 ? system.name : onePreset ? source : `${source} ${system.name}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return { ...system, name: count === 1 ? name : `${name} ${count}` };
  };
  return sources.flatMap(({ source, systems }) => systems.map((system) => named(system, source)));
}
