/** Scores a picture twice, for memoryUsed.ts: it says how far it is, a line each, and goes on when it is told to. */
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
const start = performance.now();
await scorer.scoreImage(picture);
await next(`again ${performance.now() - start}`);
await scorer.close();
process.stdin.destroy();
