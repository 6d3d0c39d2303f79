/** Scores one picture of 12 megapixels, for need.ts: what it says is a line of JSON each, and it waits for one before it ends. */
import { once } from "node:events";
import { createScorer, type ScorerOptions } from "../src/index.js";

const [options = "{}", picture = ""] = process.argv.slice(2);
const next = async (word: string): Promise<void> => {
  process.stdout.write(`${word}\n`);
  await once(process.stdin, "data");
};

await next("begins");
const scorer = await createScorer(JSON.parse(options) as ScorerOptions);
await next("loaded");
await scorer.scoreImage(picture);
await next("scored");
await scorer.close();
process.stdin.destroy();
