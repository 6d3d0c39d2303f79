// npx tsx bench/model/views/ladders.ts FOLDER...: damage at a picture's own size, in five strengths from barely visible to
// strong: how many pairs of neighbouring levels, the original first, each way of putting looks together has in order.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findInputs } from "../../../src/index.js";
import { ladders } from "../damage.js";
import { closeEyes, type Looks, lookAt, table } from "./looks.js";

const folder = await mkdtemp(join(tmpdir(), "tonescore-views-"));
const climbs = new Map<string, Looks[][]>(ladders.map(({ name }) => [name, []]));
let pictures = 0;
for await (const input of findInputs(process.argv.slice(2))) {
  if ("error" in input || input.kind !== "image") continue;
  pictures++;
  const original = await lookAt(input.path);
  for (const { name, strengths, damage } of ladders) {
    const levels = [original];
    for (const strength of strengths) levels.push(await lookAt(await damage(input.path, strength, folder)));
    climbs.get(name)?.push(levels);
  }
}
await rm(folder, { recursive: true });

const names = ladders.map(({ name }) => name);
console.log(`${pictures} pictures; percent of neighbouring levels in order: all, then ${names.join(", ")}`);
table((way) => {
  const inOrder = (levels: readonly Looks[]): number[] => {
    const scores = levels.map(way);
    return scores.slice(1).map((score, k) => (score < (scores[k] ?? NaN) ? 1 : 0));
  };
  const percent = (list: readonly number[]): string =>
    ((100 * list.reduce((a, b) => a + b, 0)) / list.length).toFixed(1);
  const byLadder = names.map((name) => (climbs.get(name) ?? []).flatMap(inOrder));
  return [byLadder.flat(), ...byLadder].map((list) => percent(list).padStart(6)).join("");
});
await closeEyes();
