import { join } from "node:path";
import sharp from "sharp";
import type { Scorer } from "../src/index.js";
import { type Benchmark, openScorer } from "./context.js";
import { examples } from "./paths.js";
import { alternate, time } from "./rounds.js";

/** A photograph of 12 megapixels, from its JPEG in memory to its score: at its own size as well, and as a whole alone. */
export const views: Benchmark = async (context) => {
  await using detail = await openScorer(context, undefined, "detail");
  await using whole = await openScorer(context);
  const photograph = await sharp(join(examples, "rider.jpg"))
    .resize(4000, 3000, { fit: "cover" })
    .jpeg({ quality: 92 })
    .toBuffer();
  const score = (scorer: Scorer) => time(() => scorer.scoreImage(photograph));
  const { ours, theirs } = await alternate(context.rounds, {
    ours: () => score(detail),
    theirs: () => score(whole),
  });
  return [
    {
      ...{ what: "a photograph of 12 megapixels, views detail", unit: "ms", ours },
      other: { name: "views whole", values: theirs },
    },
  ];
};
