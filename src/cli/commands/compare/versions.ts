import { extname } from "node:path";
import { expected } from "../../../util/expected.js";
import { nameItems, unifyForms, unifySingles, type Version, versionNames } from "../../../compare/pairing.js";
import type { Input } from "../../../media/inputs/input.js";
import { findInputs } from "../../../media/inputs/findInputs.js";
import type { FindOptions } from "../../../media/inputs/mediaAmong.js";
import { isFolder } from "../../../media/inputs/source.js";
import { partsByPreset } from "../../../results/partsByPreset.js";
import type { PresetChoice } from "../../../prompts/loadPreset.js";
import type { Result, RunHeader } from "../../../results/result.js";
import type { Results } from "../../../results/gather.js";
import { readResults } from "../../../results/readResults.js";
import { mapInTurn } from "../../../util/mapInTurn.js";

/** A picture to score, or one that was scored before. */
export type VersionItem = { readonly input: Input } | { readonly result: Result };

export interface Versions {
  readonly versions: readonly Version<VersionItem>[];
  /** Of the results files among the sources that have one. */
  readonly headers: readonly RunHeader[];
}

const pathOf = (entry: VersionItem): string =>
  ("input" in entry ? entry.input.path : entry.result.input.path) ?? "";

export interface VersionOptions extends FindOptions {
  /** Which results of a run of several presets. */
  readonly preset?: PresetChoice | undefined;
}

/** Opens what the user wants compared: folders, files, globs, or results in NDJSON. */
export async function openVersions(sources: readonly string[], options: VersionOptions): Promise<Versions> {
  const names = versionNames(sources);
  const opened = await mapInTurn(sources, (source) => openVersion(source, options));
  const versions = opened.map(({ items }, index) => ({ name: names[index] ?? "", items }));
  return {
    versions: unifySingles(unifyForms(versions)),
    headers: opened.flatMap(({ header }) => header ?? []),
  };
}

interface Opened {
  readonly items: ReadonlyMap<string, VersionItem>;
  readonly header?: RunHeader | undefined;
}

async function openVersion(source: string, { preset, ...options }: VersionOptions): Promise<Opened> {
  if ([".ndjson", ".jsonl"].includes(extname(source).toLowerCase())) {
    const { header, results } = ofOnePreset(source, await readResults(source, "scores"), preset);
    const items = nameItems(
      results.map((result) => ({ result })),
      pathOf,
    );
    return { items, header };
  }
  const entries: VersionItem[] = [];
  for await (const input of findInputs([source], options)) {
    // Nothing there at all is a slip of the user's, not one picture's failure.
    if ("error" in input && input.path === source) throw input.error;
    entries.push({ input });
  }
  const folder = await isFolder(source);
  return { items: nameItems(entries, pathOf, folder ? source : undefined) };
}

/** @throws {TonescoreError} `ERR_INVALID_ARGUMENT` where a file has results of several presets, and none of them is named */
function ofOnePreset(source: string, results: Results, preset: PresetChoice | undefined): Results {
  const parts = partsByPreset(results);
  const [only, ...others] = parts;
  if (only && others.length === 0) return only;
  const named = parts.find(({ header }) => header?.presets.image.name === preset);
  if (named) return named;
  const names = parts.map(({ header }) => header?.presets.image.name ?? "").join(", ");
  throw expected("results of one preset to compare", {
    but: `${source} has those of ${names}`,
    remedy: "Say which with --preset.",
  });
}

/** @throws {TonescoreError} `ERR_INVALID_ARGUMENT` where no name is in every version. */
export function checkPaired(names: readonly string[], { versions }: Versions): void {
  if (names.length > 0) return;
  const examples = versions.map(
    ({ name, items }) => `\n  ${name}: ${[...items.keys()].slice(0, 3).join(", ")}`,
  );
  throw expected("the same names, extensions aside, in everything that is compared", {
    but: `none is in all:${examples.join("")}`,
    remedy: "Name the versions of a picture alike and put each version in a folder of its own.",
  });
}
