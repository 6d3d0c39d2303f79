// npx tsx bench/model/copies.ts FOLDER: how often a photograph scores above its own damaged copies, with the bundled model.
// The copies are made by libvips, not by the training's own code.
import { findInputs, createScorer } from "tonescore";
import sharp, { type Sharp } from "sharp";

async function addNoise(photo: Sharp): Promise<Sharp> {
  const { data, info } = await photo.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const noise = { type: "gaussian", mean: 128, sigma: 25 } as const;
  const grain = await sharp({ create: { width, height, channels: 3, background: "grey", noise } })
    .raw()
    .toBuffer();
  const sum = data.map((value, i) => Math.min(255, Math.max(0, value + (grain[i] ?? 128) - 128)));
  return sharp(sum, { raw: { width, height, channels: 3 } });
}

const damages = {
  "Gaussian blur of 2.5 pixels": (photo: Sharp) => photo.blur(2.5).png().toBuffer(),
  "Gaussian noise of deviation 25": async (photo: Sharp) => (await addNoise(photo)).png().toBuffer(),
  "JPEG at quality 10": (photo: Sharp) => photo.jpeg({ quality: 10 }).toBuffer(),
};

const scorer = await createScorer();
const lower = new Map<string, number>(Object.keys(damages).map((name) => [name, 0]));
let photographs = 0;
for await (const input of findInputs([process.argv[2] ?? "."])) {
  if ("error" in input || input.kind !== "image") continue;
  photographs++;
  const { score } = await scorer.scoreImage(input.path);
  for (const [name, damage] of Object.entries(damages)) {
    const copy = await scorer.scoreImage(await damage(sharp(input.path)));
    if (copy.score < score) lower.set(name, (lower.get(name) ?? 0) + 1);
    else console.log(`${input.path} ${score.toFixed(3)}, ${name} ${copy.score.toFixed(3)}`);
  }
}
await scorer.close();
for (const [name, count] of lower) console.log(`${name}: ${count} of ${photographs} score lower`);
