// npx tsx bench/model/noise.ts FOLDER: whether scores rise where noise falls, with the bundled model. FOLDER has path-traced
// ladders NAME_00001spp.png of more and more samples, or pairs of photographs as PolyU's (NAME_real.JPG and NAME_mean.JPG,
// the mean of many).
import { createScorer, findInputs, srcc } from "tonescore";

interface Scored {
  readonly samples: number;
  readonly quality: number;
  readonly noise: number;
}

/** Which scene a file shows, and how many samples a pixel of it has. */
function sceneOf(path: string): readonly [scene: string, samples: number] | undefined {
  const [, ladder, samples] = /^(.*)_(\d+)spp\.png$/.exec(path) ?? [];
  if (ladder !== undefined) return [ladder, Number(samples)];
  const [, pair, kind] = /^(.*)_(real|mean)\.JPG$/.exec(path) ?? [];
  return pair === undefined ? undefined : [pair, kind === "real" ? 1 : 2];
}

/** The rank correlation with the order; of a pair whether the second is the higher, as 1 or -1. */
const rise = (values: readonly number[]): number =>
  values.length > 2 ? srcc(values, [...values.keys()]) : Math.sign((values[1] ?? NaN) - (values[0] ?? NaN));

const scorer = await createScorer({ preset: "qboost", alsoPresets: ["noise"] });
const scenes = new Map<string, Scored[]>();
const inputs = findInputs([process.argv[2] ?? "."]);
for await (const results of scorer.scoreAllByPreset(inputs)) {
  const [scene, samples] = sceneOf(results[0]?.input.path ?? "") ?? [];
  if (scene === undefined || samples === undefined) continue;
  const [quality = NaN, noise = NaN] = results.map((result) =>
    result.type === "image" ? result.score : NaN,
  );
  scenes.set(scene, [...(scenes.get(scene) ?? []), { samples, quality, noise }]);
}
await scorer.close();

const rises = [...scenes].flatMap(([scene, levels]) => {
  if (levels.length < 2) return []; // a reference
  const ordered = levels.toSorted((a, b) => a.samples - b.samples);
  const quality = rise(ordered.map((level) => level.quality));
  const noise = rise(ordered.map((level) => level.noise));
  if (levels.length > 2) console.log(`${scene}: quality ${quality.toFixed(2)}, noise ${noise.toFixed(2)}`);
  return { quality, noise };
});
for (const kind of ["quality", "noise"] as const) {
  const values = rises.map((rise) => rise[kind]);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const inOrder = values.filter((value) => value > 0).length;
  console.log(
    `${kind}: Spearman ${mean.toFixed(3)} on average, at least ${Math.min(...values).toFixed(2)}; rises in ${inOrder} of ${values.length}`,
  );
}
