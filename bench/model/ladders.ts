// npx tsx bench/model/ladders.ts KODAK [NAME]: severity ladders through the product with the bundled model. How many pairs of
// neighbouring levels, the original first, are scored in the right order; and from the third level on, how often the
// attribute that was damaged is the one that drops most. NAME picks ladders whose name contains it.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createScorer, findInputs, presets, scoreLogits, type Answer, type Preset } from "tonescore";
import { ladders, type Attribute, type Ladder } from "./damage.js";

const ATTRIBUTES: readonly Attribute[] = [
  "sharpness",
  "noise",
  "compression",
  "exposure",
  "contrast",
  "colour",
];
const NAMED_FROM = 3;

function preset(name: string): Preset {
  const found = presets.get(name);
  if (found === undefined) throw new Error(`Expected a built-in preset, but there is none called ${name}`);
  return found;
}

/** The quality and all attributes are asked about one encoded picture. */
const asked = ["qboost", ...ATTRIBUTES].map(preset);
const everything: Preset = {
  ...preset("qboost"),
  name: "everything",
  questions: asked.flatMap((each) => each.questions),
};

const scoreOf = ({ words, logSumExp }: Answer): number =>
  scoreLogits(preset("qboost"), { logits: [words.map((word) => word.logit)], logSumExp: [logSumExp] }).score;

const folder = await mkdtemp(join(tmpdir(), "tonescore-ladders-"));
await writeFile(join(folder, "everything.json"), JSON.stringify(everything));
// Attributes are read of the whole, and so is the quality beside them.
const scorer = await createScorer({ preset: join(folder, "everything.json"), views: "whole" });

/** The quality first, then the attributes. */
async function scoresOf(picture: string): Promise<number[]> {
  const { answers } = await scorer.scoreImage(picture);
  return answers.map(scoreOf);
}

async function climb(picture: string, ladder: Ladder, clean: readonly number[]): Promise<number[][]> {
  const levels = [[...clean]];
  for (const strength of ladder.strengths) {
    levels.push(await scoresOf(await ladder.damage(picture, strength, folder)));
  }
  return levels;
}

const inOrder = (levels: readonly number[][]): number =>
  levels.slice(1).filter(([quality = NaN], k) => quality < (levels[k]?.[0] ?? NaN)).length;

function dropsMost(clean: readonly number[], damaged: readonly number[]): Attribute | undefined {
  const drops = ATTRIBUTES.map((_, k) => (clean[k + 1] ?? NaN) - (damaged[k + 1] ?? NaN));
  return ATTRIBUTES[drops.indexOf(Math.max(...drops))];
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)}%`;

const pictures: string[] = [];
for await (const input of findInputs([process.argv[2] ?? "."])) {
  if (!("error" in input) && input.kind === "image") pictures.push(input.path);
}
const chosen = ladders.filter(({ name }) =>
  name.toLowerCase().includes((process.argv[3] ?? "").toLowerCase()),
);
const originals = new Map<string, number[]>();
for (const picture of pictures) originals.set(picture, await scoresOf(picture));

const total = { ordered: 0, pairs: 0, named: 0, names: 0 };
for (const ladder of chosen) {
  const climbs: number[][][] = [];
  for (const [picture, clean] of originals) climbs.push(await climb(picture, ladder, clean));
  const ordered = climbs.map(inOrder).reduce((a, b) => a + b, 0);
  const strong = climbs.flatMap(([clean = [], ...levels]) =>
    levels.slice(NAMED_FROM - 1).map((level) => dropsMost(clean, level)),
  );
  const named = strong.filter((name) => name === ladder.attribute).length;
  const pairs = climbs.length * ladder.strengths.length;
  const means = [0, ...ladder.strengths].map((_, k) =>
    mean(climbs.map((levels) => levels[k]?.[0] ?? NaN)).toFixed(3),
  );
  console.log(
    `${ladder.name}: in order ${percent(ordered, pairs)}, ${ladder.attribute} drops most ${percent(named, strong.length)}; mean scores ${means.join(" ")}`,
  );
  total.ordered += ordered;
  total.pairs += pairs;
  total.named += named;
  total.names += strong.length;
}
console.log(
  `${pictures.length} pictures, ${chosen.length} ladders: in order ${percent(total.ordered, total.pairs)} of ${total.pairs} pairs, damaged attribute drops most ${percent(total.named, total.names)} of ${total.names}`,
);
await scorer.close();
await rm(folder, { recursive: true });
