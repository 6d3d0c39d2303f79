/**
 * Prints how far our logits and scores are from the references', the table in docs/parity.md:
 *
 *     npx tsx test/reference/transformers/measure.ts
 */
import {
  CENTRE_CUT,
  compare,
  type ModelRecord,
  openScorer,
  type Reading,
  records,
  type Treatment,
} from "./readings.js";

/** Of all presets, the largest distance: of the logits on pictures of the exact input size and on others, of the scores. */
async function distances(
  record: ModelRecord,
  treatment: Treatment,
  readings: readonly (readonly [preset: string, pictures: Readonly<Record<string, Reading>>])[],
): Promise<number[]> {
  let [exact, others, scores] = [0, 0, 0];
  for (const [preset, pictures] of readings) {
    await using scorer = await openScorer(record, preset, treatment);
    for (const [picture, expected] of Object.entries(pictures)) {
      const { logits, score } = await compare(scorer, picture, expected);
      if (picture.startsWith("exact")) exact = Math.max(exact, logits);
      else others = Math.max(others, logits);
      scores = Math.max(scores, score);
    }
  }
  return [exact, others, scores];
}

/** What asks a model as libmtmd by itself would, where its family is asked otherwise. */
const WITHOUT: Readonly<Record<string, Treatment>> = {
  "llava-1.5": { options: {}, picture: { squarePad: false } },
  "qwen2.5-vl": { options: { imageMinTokens: 8 }, picture: {} },
  "qwen3.5": { options: { imageMinTokens: 8 }, picture: {} },
};

function saidBy({ options, picture }: Treatment): string {
  const said = JSON.stringify({ ...options, ...picture }).replace(/[{}"]/g, "");
  return said === "" ? "nothing" : said;
}

const print = (...cells: string[]): void => {
  console.log(`| ${cells.join(" | ")} |`);
};

print("family", "said", "reference", "logits, exact size", "logits, other sizes", "score");
print(...Array<string>(6).fill("---"));
for (const record of records) {
  const own = Object.entries(record.recipes).map(([preset, { pictures }]) => [preset, pictures] as const);
  const rows: [reference: string, Treatment, typeof own][] = [["its own", { options: {}, picture: {} }, own]];
  const without = WITHOUT[record.model];
  if (without) rows.push(["its own", without, own]);
  if (record.cut) rows.push(["cut to a square", CENTRE_CUT, [["qboost-noprefill", record.cut]]]);
  for (const [reference, treatment, readings] of rows) {
    const numbers = await distances(record, treatment, readings);
    print(record.model, saidBy(treatment), reference, ...numbers.map((number) => number.toFixed(4)));
  }
}
