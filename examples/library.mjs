// node examples/library.mjs [FILE OR FOLDER…]: prints the scores of pictures and videos, the worst first.
import { createScorer, findInputs } from "tonescore";

const inputs = process.argv.slice(2);
const scorer = await createScorer();
const scores = [];
for await (const result of scorer.scoreAll(findInputs(inputs.length > 0 ? inputs : ["examples"]))) {
  if (result.type === "error") console.error(`${result.input.path}: ${result.error.message}`);
  else scores.push({ path: result.input.path, score: result.score });
}
await scorer.close();
for (const { path, score } of scores.sort((a, b) => a.score - b.score)) console.log(score.toFixed(3), path);
