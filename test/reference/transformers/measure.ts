/**
 * Prints how far our logits and scores are from the references', the table in docs/parity.md:
 *
 *     npx tsx test/reference/transformers/measure.ts
 */
import {
  compare,
  type ModelRecord,
  openScorer,
  type Reading,
  records,
  referenceTreatment,
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

const print = (...cells: string[]): void => {
  console.log(`| ${cells.join(" | ")} |`);
};

print("family", "said", "reference", "logits, exact size", "logits, other sizes", "score");
print(...Array<string>(6).fill("---"));
for (const record of records) {
  const own = Object.entries(record.recipes).map(([preset, { pictures }]) => [preset, pictures] as const);
  const rows: [said: string, reference: string, Treatment, typeof own][] = [];
  const { options, picture } = referenceTreatment(record);
  const said = JSON.stringify({ ...options, ...picture }).replace(/[{}"]/g, "");
  rows.push([said === "" ? "nothing" : said, "its own", { options, picture }, own]);
  if (said !== "") rows.push(["nothing", "its own", { options: {}, picture: {} }, own]);
  if (record.cut)
    rows.push([said, "cut to a square", { options, picture }, [["qboost-noprefill", record.cut]]]);
  for (const [words, reference, treatment, readings] of rows) {
    const numbers = await distances(record, treatment, readings);
    print(record.model, words, reference, ...numbers.map((number) => number.toFixed(4)));
  }
}
