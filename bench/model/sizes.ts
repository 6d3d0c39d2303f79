// npx tsx bench/model/sizes.ts FOLDER: how should a picture that is not 512 by 512 be shown to the bundled model? Compares
// the whole picture, five native crops, and the mean of both, by how much the score changes with the picture's size, and
// by how well neighbouring levels of blur, noise and JPEG damage stay in order.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { createScorer, findInputs } from "tonescore";
import { ladders } from "./damage.js";

const SIDE = 512;
const PLACES = [
  [0.5, 0.5],
  [0.2, 0.2],
  [0.8, 0.2],
  [0.2, 0.8],
  [0.8, 0.8],
] as const;
const SMALLER = 1_000_000; // pixels of the copy that should score like the original

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const scorer = await createScorer();
const scoreOf = async (picture: string | Buffer): Promise<number> => (await scorer.scoreImage(picture)).score;

async function crops(picture: string | Buffer): Promise<Buffer[]> {
  const { width, height } = await sharp(picture).metadata();
  return Promise.all(
    PLACES.map(([x, y]) =>
      sharp(picture)
        .extract({
          left: Math.round(x * Math.max(0, width - SIDE)),
          top: Math.round(y * Math.max(0, height - SIDE)),
          width: Math.min(SIDE, width),
          height: Math.min(SIDE, height),
        })
        .png({ compressionLevel: 1 })
        .toBuffer(),
    ),
  );
}

/** Under each way of showing it. */
async function scores(picture: string | Buffer): Promise<[whole: number, crops: number, both: number]> {
  const whole = await scoreOf(picture);
  const parts: number[] = [];
  for (const crop of await crops(picture)) parts.push(await scoreOf(crop));
  return [whole, mean(parts), (whole + mean(parts)) / 2];
}

async function smaller(picture: string): Promise<Buffer> {
  const { width, height } = await sharp(picture).metadata();
  const scale = Math.min(1, Math.sqrt(SMALLER / (width * height)));
  return sharp(picture)
    .resize(Math.round(width * scale))
    .png({ compressionLevel: 1 })
    .toBuffer();
}

const folder = await mkdtemp(join(tmpdir(), "tonescore-sizes-"));
const changes: number[][] = [];
const orders: number[][] = [];
const used = ladders.filter(({ name }) => ["Gaussian blur", "Gaussian noise", "JPEG"].includes(name));
for await (const input of findInputs([process.argv[2] ?? "."])) {
  if ("error" in input || input.kind !== "image") continue;
  const original = await scores(input.path);
  const copy = await scores(await smaller(input.path));
  changes.push(original.map((score, way) => Math.abs(score - (copy[way] ?? NaN))));
  for (const ladder of used) {
    let before: readonly number[] = original;
    for (const strength of ladder.strengths) {
      const after = await scores(await ladder.damage(input.path, strength, folder));
      orders.push(after.map((score, way) => (score < (before[way] ?? NaN) ? 1 : 0)));
      before = after;
    }
  }
}
for (const [way, name] of ["whole", "five native crops", "both"].entries()) {
  const change = mean(changes.map((row) => row[way] ?? NaN));
  const order = mean(orders.map((row) => row[way] ?? NaN));
  console.log(
    `${name}: a ${SMALLER / 1e6}-megapixel copy changes the score by ${change.toFixed(3)} on average over ${changes.length} pictures; ${(100 * order).toFixed(1)}% of ${orders.length} pairs in order`,
  );
}
await scorer.close();
await rm(folder, { recursive: true });
